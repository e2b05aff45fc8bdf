import { setTimeout } from "node:timers/promises";
import type { Model } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { OpenAIModel } from "@codeact/models/openai";
import { script } from "./script.js";

/** How long a replayed message waits between two pieces, where somebody watches. */
const pieceDelayMs = 8;

/** The model of the demo, and in a sentence what it is. */
export interface ChosenModel {
  model: Model;
  description: string;
}

/** A live model where the environment names one, else the prepared messages. */
export function chooseModel({ isWatched }: { isWatched: boolean }): ChosenModel {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseURL, OPENAI_MODEL: name } = process.env;
  if (key || baseURL) {
    const model = new OpenAIModel({ model: name || "gpt-5" });
    return { model, description: `Live: ${model.id} at ${baseURL || "api.openai.com"}.` };
  }
  const model = new ScriptedModel(script);
  return {
    model: isWatched ? paced(model) : model,
    description:
      "Replay: no model is asked, its messages were prepared. Python, tools and data are real. " +
      "Set OPENAI_API_KEY or OPENAI_BASE_URL (and OPENAI_MODEL) for a live model.",
  };
}

/** The same model at the speed of one that has to think. */
function paced(model: Model): Model {
  return {
    id: model.id,
    ...(model.capabilities && { capabilities: model.capabilities }),
    async *generate(request) {
      const { signal } = request;
      for await (const event of model.generate(request)) {
        await setTimeout(pieceDelayMs, undefined, { signal });
        yield event;
      }
    },
  };
}
