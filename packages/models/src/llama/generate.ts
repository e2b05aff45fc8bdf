import { type FinishReason, ModelError, type ModelEvent, type ModelRequest } from "@codeact/core";
import type { LlamaModel, Token } from "node-llama-cpp";
import { StopCutter } from "../request/stop-cutter.js";
import { untilAborted } from "./abortable.js";
import type { ChatTemplate } from "./chat-template.js";
import { type MessagePiece, ReasoningSplitter } from "./reasoning-splitter.js";
import { sampleTokens } from "./sample-tokens.js";
import type { SequencePool } from "./sequence-pool.js";
import { TokenText } from "./token-text.js";

/** What the requests of one model share. */
export interface GenerationSettings {
  modelId: string;
  model: Pick<LlamaModel, "detokenize" | "isEogToken">;
  template: Pick<ChatTemplate, "render" | "reasoning">;
  pool: SequencePool;
  /** Tokens of a prompt and its answer together. */
  contextSize: number;
  temperature: number | undefined;
  maxOutputTokens: number | undefined;
  seed: number | undefined;
}

/** Answers one request. `signal` ends it, for the caller's reason or because the model closes. */
export async function* generate(
  request: ModelRequest,
  settings: GenerationSettings,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, void, undefined> {
  const { model, template, pool, modelId } = settings;
  if (request.tools && request.tools.length > 0) {
    throw new ModelError(
      "model-invalid-request",
      `${modelId} takes no function tools. Use codeFormat() instead of nativeToolFormat().`,
    );
  }
  const prompt = template.render(request.messages, modelId);
  const limit = outputLimit(request, prompt.tokens.length, settings);
  const lease = await pool.lease(prompt.tokens, signal);
  let reused = 0;
  const tokens = sampleTokens(lease.sequence, prompt.tokens, {
    options: samplingOptions(request, settings),
    onReused: (count) => {
      reused = count;
    },
    signal,
  });
  let outputTokens = 0;
  let reason: FinishReason = "length";
  try {
    const message = new MessageReader(settings, prompt.tokens, [
      ...(request.stop ?? []),
      ...prompt.stop,
    ]);
    for await (const token of untilAborted(tokens, signal, pool.watch)) {
      outputTokens++;
      if (model.isEogToken(token)) reason = "stop";
      else {
        yield* message.push(token);
        if (message.stopped) reason = "stop";
      }
      if (reason === "stop" || outputTokens >= limit) break;
    }
    yield* message.flush();
  } catch (error) {
    signal.throwIfAborted();
    throw runtimeFailure(modelId, error);
  } finally {
    const released = lease.release(tokens.return());
    // Takes no time, and the next step of this run finds its conversation. After an abort it may.
    if (!signal.aborted) await released;
  }
  const inputTokens = prompt.tokens.length;
  yield { type: "finish", reason, usage: { inputTokens, outputTokens, cachedInputTokens: reused } };
}

function runtimeFailure(modelId: string, cause: unknown): ModelError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `${modelId}: llama.cpp failed to go on: ${reason}.`;
  return new ModelError("model-server", message, { cause });
}

function samplingOptions(
  { temperature, seed }: ModelRequest,
  defaults: GenerationSettings,
): { temperature?: number; seed?: number } {
  const chosenTemperature = temperature ?? defaults.temperature;
  const chosenSeed = seed ?? defaults.seed;
  return {
    ...(chosenTemperature !== undefined && { temperature: chosenTemperature }),
    ...(chosenSeed !== undefined && { seed: chosenSeed }),
  };
}

/** @throws `ModelError` with code `context-overflow` */
function outputLimit(
  { maxOutputTokens }: ModelRequest,
  promptTokens: number,
  { contextSize, modelId, maxOutputTokens: defaultLimit }: GenerationSettings,
): number {
  const room = contextSize - promptTokens;
  if (room < 1) {
    throw new ModelError(
      "context-overflow",
      `${modelId}: the request has ${promptTokens} tokens, and the context is ${contextSize} ` +
        "large. Shorten the conversation, or load the model with a larger contextSize.",
    );
  }
  return Math.min(maxOutputTokens ?? defaultLimit ?? room, room);
}

/** Reads a model's message from its tokens: text and reasoning, cut before the first stop string. */
class MessageReader {
  readonly #text: TokenText;
  readonly #splitter: ReasoningSplitter;
  readonly #cutter: StopCutter;
  stopped = false;

  constructor(
    { model, template }: GenerationSettings,
    prompt: readonly Token[],
    stop: readonly string[],
  ) {
    this.#text = new TokenText((tokens, before) => model.detokenize(tokens, true, before), prompt);
    this.#splitter = new ReasoningSplitter(template.reasoning);
    this.#cutter = new StopCutter(stop);
  }

  *push(token: Token): Generator<ModelEvent, void, undefined> {
    for (const piece of this.#splitter.push(this.#text.push(token))) yield* this.#cut(piece);
  }

  *flush(): Generator<ModelEvent, void, undefined> {
    if (this.stopped) return;
    for (const piece of this.#splitter.push(this.#text.flush())) yield* this.#cut(piece);
    for (const piece of this.#splitter.flush()) yield* this.#cut(piece);
    yield* this.#held();
  }

  *#cut({ type, text }: MessagePiece): Generator<ModelEvent, void, undefined> {
    if (this.stopped) return;
    if (type === "reasoning") {
      // What a thought interrupts was no beginning of a stop string.
      yield* this.#held();
      yield { type, text };
      return;
    }
    const { text: kept, stop } = this.#cutter.push(text);
    this.stopped = stop !== undefined;
    if (kept !== "") yield { type, text: kept };
  }

  *#held(): Generator<ModelEvent, void, undefined> {
    const text = this.#cutter.flush();
    if (text !== "") yield { type: "text", text };
  }
}
