import { setTimeout } from "node:timers/promises";
import type { Model } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { LlamaModel, type LlamaModelOptions } from "@codeact/models/llama";
import { OpenAIModel } from "@codeact/models/openai";
import { cachedModel, embeddedModel } from "../cached-model.js";
import { script } from "./script.js";

/** How long a replayed message waits between two pieces, where somebody watches. */
const pieceDelayMs = 8;

/** The model of the demo, and in a sentence or two what it is. */
export interface ChosenModel {
  model: Model;
  description: string;
  close(): Promise<void>;
}

/** How the demo was called. */
export interface DemoOptions {
  isWatched: boolean;
  /** `--local` fetches the embedded model if need be, `--replay` asks no model at all. */
  flags: readonly string[];
  signal: AbortSignal;
}

/**
 * The model that the environment names; else the embedded one if it is on this machine or was asked
 * for; else the prepared messages.
 */
export async function chooseModel(options: DemoOptions): Promise<ChosenModel> {
  const { flags } = options;
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseURL, OPENAI_MODEL: name } = process.env;
  if (flags.includes("--replay")) return replay(options);
  if ((key || baseURL) && !flags.includes("--local")) {
    const model = new OpenAIModel({ model: name || "gpt-5" });
    const description = `Live: ${model.id} at ${baseURL || "api.openai.com"}.`;
    return { model, description, close: () => Promise.resolve() };
  }
  const cached = await cachedModel();
  if (cached) return embedded(cached, options);
  return flags.includes("--local") ? embedded(embeddedModel, options) : replay(options);
}

async function embedded(load: LlamaModelOptions, { signal }: DemoOptions): Promise<ChosenModel> {
  const model = await LlamaModel.load({ ...load, signal, temperature: 0, maxOutputTokens: 600 });
  return {
    model,
    description:
      `Live: ${model.id} in this process, without a key or a server. It is a very small model: it ` +
      "may be slow, and it may fail. For a run that succeeds: npm run demo -- --replay",
    close: () => model.close(),
  };
}

function replay({ isWatched }: DemoOptions): ChosenModel {
  const model = new ScriptedModel(script);
  return {
    model: isWatched ? paced(model) : model,
    description:
      "Replay: no model is asked, its messages were prepared. Python, tools and data are real. " +
      "Set OPENAI_API_KEY or OPENAI_BASE_URL (and OPENAI_MODEL) for a live model, or fetch a " +
      "small one of 1.1 GB: npm run demo -- --local",
    close: () => Promise.resolve(),
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
