import { describeModel, type ModelSetupOptions } from "@codeact/core/testing";
import * as anthropicV2 from "ai-sdk-anthropic-v2";
import * as anthropicV3 from "ai-sdk-anthropic-v3";
import * as anthropicV4 from "ai-sdk-anthropic-v4";
import * as compatibleV2 from "ai-sdk-compatible-v2";
import * as compatibleV3 from "ai-sdk-compatible-v3";
import * as compatibleV4 from "ai-sdk-compatible-v4";
import { describe, it } from "vitest";
import { anthropicSetup } from "../../test/anthropic-setup.js";
import { chatCompletionsSetup } from "../../test/chat-completions-setup.js";
import { aiSdkModel } from "./ai-sdk-model.js";

for (const { createAnthropic } of [anthropicV2, anthropicV3, anthropicV4]) {
  const apiKey = "key-1234";
  const make = (baseURL: string, options: ModelSetupOptions) =>
    aiSdkModel(createAnthropic({ baseURL, apiKey })("claude-sonnet-4-5"), options);
  const { specificationVersion } = createAnthropic({ apiKey })("m");
  describeModel(`aiSdkModel of Anthropic ${specificationVersion}`, anthropicSetup(make), {
    suite: { describe, it },
    // The API always reports its tokens, and no reasoning apart.
    without: ["no-usage", "reasoning-usage"],
  });
}

for (const { createOpenAICompatible } of [compatibleV2, compatibleV3, compatibleV4]) {
  const make = (baseURL: string, options: ModelSetupOptions) =>
    aiSdkModel(
      // By this name the package of V3 finds Gemini's thought signatures.
      createOpenAICompatible({ name: "google", baseURL, includeUsage: true })("m"),
      options,
    );
  const { specificationVersion } = createOpenAICompatible({ name: "x", baseURL: "http://x" })("m");
  describeModel(`aiSdkModel of a compatible ${specificationVersion}`, chatCompletionsSetup(make), {
    suite: { describe, it },
    ...(specificationVersion === "v2" ? { without: ["signatures"] } : {}),
  });
}
