import { describeModel } from "@codeact/core/testing";
import { describe, it } from "vitest";
import { responsesWire } from "../../test/responses-wire.js";
import { wireSetup } from "../../test/wire-setup.js";
import { OpenAIModel } from "./openai-model.js";

const setup = wireSetup(
  responsesWire,
  (baseURL, options) =>
    new OpenAIModel({ model: "m", api: "responses", baseURL, apiKey: "key-1234", ...options }),
);

describeModel("OpenAIModel with the Responses API", setup, { suite: { describe, it } });
