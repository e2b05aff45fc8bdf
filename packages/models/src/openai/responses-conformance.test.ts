import { describeModel } from "@codeact/core/testing";
import { describe, it } from "vitest";
import { responsesSetup } from "../../test/responses-setup.js";
import { OpenAIModel } from "./openai-model.js";

const setup = responsesSetup(
  (baseURL, options) =>
    new OpenAIModel({ model: "m", api: "responses", baseURL, apiKey: "key-1234", ...options }),
);

describeModel("OpenAIModel with the Responses API", setup, { suite: { describe, it } });
