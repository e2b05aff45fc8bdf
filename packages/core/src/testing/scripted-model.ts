import { abortable } from "../async/abort.js";
import { CodeActError } from "../errors/codeact-error.js";
import { messageText } from "../model/message.js";
import type { Model, ModelCapabilities, ModelEvent, ModelRequest } from "../model/model.js";
import type { Usage } from "../model/usage.js";
import type { ScriptedReply } from "./scripted-reply.js";
import { playReply } from "./scripted-stream.js";

/** Options of {@link ScriptedModel}. */
export interface ScriptedModelOptions {
  /** @defaultValue `"scripted"` */
  id?: string;
  /**
   * Overrides single capabilities. @defaultValue images, tools and tool result images; usage where
   * the option `usage` is given
   */
  capabilities?: ModelCapabilities;
  /** Reported with each finish. Without it no usage is reported, for none was measured. */
  usage?: Usage;
  /** Code units a piece; `Infinity` for whole texts. @defaultValue 1 to 7, drawn from `seed` */
  chunkSize?: number;
  /** Another seed cuts the texts at other places. @defaultValue 1 */
  seed?: number;
}

/** A request as a `ScriptedModel` keeps it: a deep copy without the signal. */
export type ScriptedModelRequest = Omit<ModelRequest, "signal">;

/**
 * A model that plays prepared replies, one a request, in the order of the calls. It is strict: a
 * request too many throws, and {@link ScriptedModel.assertDone} throws when replies are left.
 *
 * Texts stream in awkward pieces that also split surrogate pairs, because a reader must not care.
 *
 * @example
 * ```ts
 * const model = new ScriptedModel([
 *   "<execute>print(6 * 7)</execute>",
 *   (request) => `I saw ${request.messages.length} messages. The answer is 42.`,
 * ]);
 * await new Agent({ model, executor }).run("What is 6 × 7?");
 * model.assertDone();
 * ```
 */
export class ScriptedModel implements Model {
  readonly id: string;
  readonly capabilities: ModelCapabilities;
  readonly #replies: readonly ScriptedReply[];
  readonly #options: ScriptedModelOptions;
  readonly #requests: ScriptedModelRequest[] = [];
  #openStreams = 0;

  constructor(replies: readonly ScriptedReply[], options: ScriptedModelOptions = {}) {
    this.id = options.id ?? "scripted";
    this.#replies = [...replies];
    this.#options = options;
    this.capabilities = {
      usage: options.usage !== undefined,
      images: true,
      tools: true,
      toolResultImages: true,
      ...options.capabilities,
    };
  }

  /** Every request so far, surplus ones included. Later changes to a message do not show here. */
  get requests(): readonly ScriptedModelRequest[] {
    return this.#requests;
  }

  /** The replies that no request has taken yet. */
  get unusedReplies(): readonly ScriptedReply[] {
    return this.#replies.slice(this.#requests.length);
  }

  /** Streams that were begun and neither ended nor were given up; 0 after a run without leaks. */
  get openStreams(): number {
    return this.#openStreams;
  }

  /**
   * Takes the next reply at once and streams it.
   * @throws `CodeActError` with code `script` from the stream when no reply is left, the reply's
   * `error`, or `request.signal.reason` when aborted
   */
  generate(request: ModelRequest): AsyncIterable<ModelEvent> {
    const index = this.#requests.length;
    const { signal = new AbortController().signal, ...rest } = request;
    this.#requests.push(structuredClone(rest));
    return this.#stream(this.#replies[index], index, request, signal);
  }

  /**
   * Checks that every reply was used.
   * @throws `CodeActError` with code `script` otherwise
   */
  assertDone(): void {
    const unused = this.unusedReplies;
    if (unused.length === 0) return;
    throw new CodeActError(
      "script",
      `${this.id}: ${unused.length} of ${this.#replies.length} scripted replies were not used. ` +
        `The next one would be ${describeReply(unused[0])}. ` +
        "Remove them, or find out why the run ended early.",
    );
  }

  async *#stream(
    reply: ScriptedReply | undefined,
    index: number,
    request: ModelRequest,
    signal: AbortSignal,
  ): AsyncGenerator<ModelEvent, void, undefined> {
    this.#openStreams += 1;
    try {
      signal.throwIfAborted();
      if (reply === undefined) throw this.#surplus(index);
      const given =
        typeof reply === "function"
          ? await abortable(Promise.resolve(reply(request, index)), signal)
          : reply;
      yield* playReply(typeof given === "string" ? { text: given } : given, {
        index,
        seed: this.#options.seed ?? 1,
        chunkSize: this.#options.chunkSize,
        usage: this.#options.usage,
        signal,
      });
    } finally {
      this.#openStreams -= 1;
    }
  }

  #surplus(index: number): CodeActError {
    const last = this.#requests[index]?.messages.at(-1);
    return new CodeActError(
      "script",
      `${this.id}: request ${index + 1} came, but the script has ${this.#replies.length} ` +
        `${this.#replies.length === 1 ? "reply" : "replies"}. Add a reply, or find out why the run ` +
        `went on. The request's last message is ${last ? describeMessage(last) : "missing"}.`,
    );
  }
}

function describeMessage(message: ModelRequest["messages"][number]): string {
  const text = messageText(message) || JSON.stringify(message.content);
  return `from "${message.role}": ${abbreviate(text)}`;
}

function describeReply(reply: ScriptedReply | undefined): string {
  if (typeof reply === "function") return "a function";
  const text = typeof reply === "string" ? reply : (reply?.text ?? reply?.reasoning ?? "");
  return `the text ${abbreviate(text)}`;
}

function abbreviate(text: string): string {
  const limit = 500;
  return JSON.stringify(text.length > limit ? `${text.slice(0, limit)}…` : text);
}
