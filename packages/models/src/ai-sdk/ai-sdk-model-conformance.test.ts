import { describeModel, type ModelSetupOptions, type ModelTopic } from "@codeact/core/testing";
import * as anthropicV2 from "ai-sdk-anthropic-v2";
import * as anthropicV3 from "ai-sdk-anthropic-v3";
import * as anthropicV4 from "ai-sdk-anthropic-v4";
import * as bedrockV4 from "ai-sdk-bedrock-v4";
import * as compatibleV2 from "ai-sdk-compatible-v2";
import * as compatibleV3 from "ai-sdk-compatible-v3";
import * as compatibleV4 from "ai-sdk-compatible-v4";
import * as googleV2 from "ai-sdk-google-v2";
import * as googleV3 from "ai-sdk-google-v3";
import * as googleV4 from "ai-sdk-google-v4";
import * as mistralV4 from "ai-sdk-mistral-v4";
import { describe, it } from "vitest";
import { anthropicWire } from "../../test/anthropic-wire.js";
import { bedrockWire } from "../../test/bedrock-wire.js";
import { chatCompletionsWire } from "../../test/chat-completions-wire.js";
import { geminiWire } from "../../test/gemini-wire.js";
import { mistralWire } from "../../test/mistral-wire.js";
import { type Wire, wireSetup } from "../../test/wire-setup.js";
import { aiSdkModel } from "./ai-sdk-model.js";
import type { AiSdkLanguageModel } from "./language-model.js";

const apiKey = "key-1234";

for (const { createAnthropic } of [anthropicV2, anthropicV3, anthropicV4]) {
  const make = (baseURL: string) => createAnthropic({ baseURL, apiKey })("claude-sonnet-4-5");
  // The API always reports its tokens, and no reasoning apart.
  describeProvider("Anthropic", make, anthropicWire, ["no-usage", "reasoning-usage"]);
}

for (const { createGoogleGenerativeAI } of [googleV2, googleV3, googleV4]) {
  const make = (baseURL: string) => createGoogleGenerativeAI({ baseURL, apiKey })("gemini-2.5-pro");
  // Arguments are JSON in the API itself.
  describeProvider("Google", make, geminiWire, ["broken-arguments"]);
}

describeProvider(
  "Mistral",
  (baseURL) => mistralV4.createMistral({ baseURL, apiKey })("mistral-large-latest"),
  mistralWire,
  ["no-usage", "reasoning-usage", "signatures"],
);

describeProvider(
  "Bedrock",
  (baseURL) => bedrockV4.createAmazonBedrock({ region: "x", baseURL, apiKey })("m"),
  bedrockWire,
  ["reasoning-usage"],
);

for (const { createOpenAICompatible } of [compatibleV2, compatibleV3, compatibleV4]) {
  const make = (baseURL: string) =>
    // By this name the package of V3 finds Gemini's thought signatures.
    createOpenAICompatible({ name: "google", baseURL, includeUsage: true })("m");
  const without: ModelTopic[] =
    make("http://x").specificationVersion === "v2" ? ["signatures"] : [];
  describeProvider("a compatible server", make, chatCompletionsWire, without);
}

function describeProvider(
  name: string,
  make: (baseURL: string) => AiSdkLanguageModel,
  wire: Wire,
  without: readonly ModelTopic[] = [],
): void {
  const makeModel = (baseURL: string, options: ModelSetupOptions) =>
    aiSdkModel(make(baseURL), options);
  const { specificationVersion } = make("http://x");
  describeModel(`aiSdkModel of ${name} ${specificationVersion}`, wireSetup(wire, makeModel), {
    suite: { describe, it },
    without,
  });
}
