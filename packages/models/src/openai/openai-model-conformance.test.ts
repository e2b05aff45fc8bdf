import { describeModel } from "@codeact/core/testing";
import { describe, it } from "vitest";
import { chatCompletionsSetup } from "../../test/chat-completions-setup.js";
import { OpenAIModel } from "./openai-model.js";

const setup = chatCompletionsSetup(
  (baseURL, options) => new OpenAIModel({ model: "m", baseURL, apiKey: "key-1234", ...options }),
);

describeModel("OpenAIModel", setup, { suite: { describe, it } });
