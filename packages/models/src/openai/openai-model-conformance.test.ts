import { describeModel } from "@codeact/core/testing";
import { describe, it } from "vitest";
import { chatCompletionsWire } from "../../test/chat-completions-wire.js";
import { wireSetup } from "../../test/wire-setup.js";
import { OpenAIModel } from "./openai-model.js";

const setup = wireSetup(
  chatCompletionsWire,
  (baseURL, options) => new OpenAIModel({ model: "m", baseURL, apiKey: "key-1234", ...options }),
);

describeModel("OpenAIModel", setup, { suite: { describe, it } });
