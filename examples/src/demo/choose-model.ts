import type { Model } from "@codeact/core";
import { LlamaModel, type LlamaModelOptions } from "@codeact/models/llama";
import { OpenAIModel } from "@codeact/models/openai";
import { RecordedModel, readRecording } from "@codeact/models/recorded";
import { cachedModel, embeddedModel } from "../cached-model.js";
import { recordingFile } from "./recording.js";

/** How much faster than recorded the replay is, where somebody watches. */
const replaySpeed = 10;

/** The model of the demo, and in a sentence or two what it is. */
export interface ChosenModel {
  model: Model;
  description: string;
  close(): Promise<void>;
}

/** How the demo was called. */
export interface DemoOptions {
  isWatched: boolean;
  /** `--local` asks the embedded model, which it may have to fetch; `--replay` asks none. */
  flags: readonly string[];
  signal: AbortSignal;
}

/** The embedded model if it was asked for; else the one that the environment names; else the recording. */
export async function chooseModel(options: DemoOptions): Promise<ChosenModel> {
  const { flags } = options;
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseURL, OPENAI_MODEL: name } = process.env;
  if (flags.includes("--replay")) return replay(options);
  if (flags.includes("--local")) return embedded((await cachedModel()) ?? embeddedModel, options);
  if (key || baseURL) {
    const model = new OpenAIModel({ model: name || "gpt-5" });
    const description = `Live: ${model.id} at ${baseURL || "api.openai.com"}.`;
    return { model, description, close: () => Promise.resolve() };
  }
  return replay(options);
}

async function embedded(load: LlamaModelOptions, { signal }: DemoOptions): Promise<ChosenModel> {
  const model = await LlamaModel.load({ ...load, signal, temperature: 0, maxOutputTokens: 600 });
  return {
    model,
    description:
      `Live: ${model.id} in this process, without a key or a server. It is a very small model: it ` +
      "may be slow, and it may fail. For a run that succeeds: npm run demo",
    close: () => model.close(),
  };
}

async function replay({ isWatched }: DemoOptions): Promise<ChosenModel> {
  const exchanges = await readRecording(recordingFile);
  // The recorded pace is that of a slow machine.
  const speed = isWatched ? replaySpeed : Number.POSITIVE_INFINITY;
  const model = new RecordedModel({ exchanges, speed });
  return {
    model,
    description:
      `Replay: no model is asked; what ${model.id.replace("recorded:", "")} wrote was recorded. ` +
      "Python, tools and data are real. Set OPENAI_API_KEY or OPENAI_BASE_URL (and OPENAI_MODEL) " +
      "for a live model, or ask this one here, of 1.1 GB: npm run demo -- --local",
    close: () => Promise.resolve(),
  };
}
