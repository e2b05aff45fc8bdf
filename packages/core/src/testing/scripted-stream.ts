import { abortable, delay } from "../async/abort.js";
import type { ProviderData } from "../model/message.js";
import type { ModelEvent } from "../model/model.js";
import type { Usage } from "../model/usage.js";
import { type ChunkPlan, chunks } from "./chunks.js";
import type { ScriptedMessage } from "./scripted-reply.js";

/** What a reply needs to know of its model and request. */
export interface ScriptedStreamContext {
  /** Number of the request, from 0. */
  index: number;
  seed: number;
  chunkSize: number | undefined;
  usage: Usage | undefined;
  signal: AbortSignal;
}

/** Plays one reply as model events. */
export async function* playReply(
  reply: ScriptedMessage,
  context: ScriptedStreamContext,
): AsyncGenerator<ModelEvent, void, undefined> {
  const { signal } = context;
  const cursor = new Cursor(reply, signal);
  const size = reply.chunkSize ?? context.chunkSize;
  const plan: ChunkPlan = size === undefined ? { seed: context.seed + context.index } : { size };

  await cursor.arrive(0);
  for (const [type, text, providerData] of [
    ["reasoning", reply.reasoning, reply.reasoningProviderData],
    ["text", reply.text, reply.providerData],
  ] as const) {
    if (text === undefined) continue;
    for (const piece of withLast(chunks(text, plan), text)) {
      yield textEvent(type, piece.text, piece.isLast ? providerData : undefined);
      await cursor.arrive(piece.text.length);
    }
  }
  for (const [position, call] of (reply.toolCalls ?? []).entries()) {
    signal.throwIfAborted();
    yield {
      type: "tool-call",
      toolCallId: call.toolCallId ?? `call_${context.index}_${position}`,
      name: call.name,
      arguments:
        typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments),
      ...(call.providerData === undefined ? {} : { providerData: call.providerData }),
    };
  }
  await cursor.finish();
  const usage = reply.usage ?? context.usage;
  yield {
    type: "finish",
    reason: reply.finishReason ?? (reply.toolCalls?.length ? "tool-calls" : "stop"),
    ...(usage ? { usage: { ...usage } } : {}),
  };
}

/** Where in a reply the stream is; waits and fails at the places that the reply names. */
class Cursor {
  #sent = 0;
  #waited = false;

  constructor(
    private readonly reply: ScriptedMessage,
    private readonly signal: AbortSignal,
  ) {}

  async arrive(length: number): Promise<void> {
    this.#sent += length;
    this.signal.throwIfAborted();
    if (this.#sent >= (this.reply.waitAfter ?? 0)) await this.#wait();
    if (this.reply.error && this.#sent >= (this.reply.errorAfter ?? 0)) throw this.reply.error;
  }

  /** A text shorter than `waitAfter` or `errorAfter` still waits and fails. */
  async finish(): Promise<void> {
    this.signal.throwIfAborted();
    await this.#wait();
    if (this.reply.error) throw this.reply.error;
  }

  async #wait(): Promise<void> {
    if (this.#waited) return;
    this.#waited = true;
    if (this.reply.delayMs) await delay(this.reply.delayMs, this.signal);
    if (this.reply.gate) await abortable(this.reply.gate, this.signal);
  }
}

function textEvent(
  type: "text" | "reasoning",
  text: string,
  providerData: ProviderData | undefined,
): ModelEvent {
  return providerData === undefined ? { type, text } : { type, text, providerData };
}

/** An empty text is one empty piece, so that its provider data has a carrier. */
function* withLast(
  pieces: Iterable<string>,
  whole: string,
): Generator<{ text: string; isLast: boolean }> {
  let sent = 0;
  if (whole === "") yield { text: "", isLast: true };
  for (const text of pieces) {
    sent += text.length;
    yield { text, isLast: sent === whole.length };
  }
}
