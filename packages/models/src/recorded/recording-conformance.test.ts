import type { Model, ModelRequest } from "@codeact/core";
import { describeModel } from "@codeact/core/testing";
import { describe, it } from "vitest";
import { chatCompletionsWire } from "../../test/chat-completions-wire.js";
import { wireSetup } from "../../test/wire-setup.js";
import { OpenAIModel, type OpenAIModelOptions } from "../openai/index.js";
import type { RecordedExchange } from "./exchange.js";
import { recordModel } from "./record-model.js";
import { RecordedModel } from "./recorded-model.js";

const liveModel = (baseURL: string, options: Partial<OpenAIModelOptions>) =>
  new OpenAIModel({ model: "m", baseURL, apiKey: "key-1234", ...options });

describeModel(
  "A recorded live model",
  wireSetup(chatCompletionsWire, (baseURL, options) =>
    recordModel(liveModel(baseURL, options), { exchanges: [] }),
  ),
  { suite: { describe, it } },
);

/** A model that asks a live one, records that, and shows only the replay. */
function replayed(live: Model): Model {
  return {
    id: live.id,
    ...(live.capabilities ? { capabilities: live.capabilities } : {}),
    async *generate(request) {
      const exchanges = await recordOnce(live, request);
      const stored = JSON.parse(JSON.stringify(exchanges)) as RecordedExchange[];
      const model = new RecordedModel({ exchanges: stored, match: "request" });
      yield* model.generate(request);
      model.assertDone();
    },
  };
}

async function recordOnce(live: Model, request: ModelRequest): Promise<RecordedExchange[]> {
  const exchanges: RecordedExchange[] = [];
  try {
    for await (const _ of recordModel(live, { exchanges }).generate(request));
  } catch (error) {
    // The replay has to throw it.
    if (exchanges.length === 0) throw error;
  }
  return exchanges;
}

describeModel(
  "RecordedModel",
  wireSetup(chatCompletionsWire, (baseURL, options) => replayed(liveModel(baseURL, options))),
  // A replay of silence is the end of the recording.
  { suite: { describe, it }, without: ["stalls"] },
);
