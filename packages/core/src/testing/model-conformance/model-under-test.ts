import type { Model } from "../../model/model.js";
import type { Usage } from "../../model/usage.js";

/** What the API under the model answers. */
export interface ModelReply {
  /** Streamed one after another, each as one event of the API. */
  text: readonly string[];
  /** Comes before the text, where the API can stream reasoning; otherwise it is left out. */
  reasoning?: string;
  /** The tokens that the API reports. Without it the API reports none. */
  usage?: Usage;
  /** Why the API says that it ended. @defaultValue `"stop"` */
  reason?: "stop" | "length";
  /** Cuts the answer's bytes into pieces of this length, in the middle of characters too. */
  pieceBytes?: number;
}

/** An HTTP answer that is no success. */
export interface ModelRefusal {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** Stands where the API puts its message. */
  message: string;
}

/**
 * What goes wrong once the API has streamed some text, or, where that is none, at once:
 *
 * - `error`: it reports within the stream that it is overloaded;
 * - `malformed`: it streams what is not its protocol;
 * - `truncate`: the stream ends as if nothing were missing;
 * - `reset`: the connection breaks;
 * - `stall`: nothing more comes, and the connection stays open.
 */
export type ModelFault = "error" | "malformed" | "truncate" | "reset" | "stall";

/** A call of a function tool in a {@link ModelUnderTest.replyWithToolCalls | reply}. */
export interface ModelToolCallReply {
  toolCallId: string;
  name: string;
  /** JSON text, or what a model may write instead. */
  arguments: string;
}

/**
 * A model with an API under it that does what the suite asks for, such as an HTTP server on
 * loopback. Each hook decides how all requests from then on are answered. Those that are optional
 * belong to the topics that the suite can be run without.
 */
export interface ModelUnderTest {
  readonly model: Model;
  reply(reply: ModelReply): void;
  refuse?(refusal: ModelRefusal): void;
  /**
   * @param after the text that is streamed before; where it is empty, `reset` and `stall` come
   * before the headers
   */
  fault?(fault: ModelFault, after: readonly string[]): void;
  /** Refuses as the API does when a request is larger than the context window. */
  overflow?(): void;
  /** @param calls come whole, in this order */
  replyWithToolCalls?(calls: readonly ModelToolCallReply[]): void;
  /**
   * Replies with something that the API must get back with the message, such as a signature.
   * @param mark has to be part of it
   */
  replySigned?(mark: string): void;
  /** The requests that reached the API, each as the text of its body. */
  readonly requests: readonly string[];
  /** How many requests the API is still answering. */
  readonly openAnswers: number;
  close(): Promise<void>;
}

/** What a test asks of its model. */
export interface ModelSetupOptions {
  /** How long the API may be silent before the model gives up; the model's default without it. */
  idleTimeoutMs?: number;
}

/** Makes a model with an API of its own, for one test, which closes it. */
export type ModelSetup = (options: ModelSetupOptions) => ModelUnderTest | Promise<ModelUnderTest>;
