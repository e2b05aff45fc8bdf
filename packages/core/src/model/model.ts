import type { JsonObject } from "../json.js";
import type { Message, ProviderData } from "./message.js";
import type { Usage } from "./usage.js";

/** A function tool that is declared to the API itself (only `nativeToolFormat()` uses these). */
export interface ModelTool {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  inputSchema: JsonObject;
}

/** One request to a model. */
export interface ModelRequest {
  messages: readonly Message[];
  /**
   * Strings at which generation should end; a hint. An adapter whose API refuses stop strings
   * cuts the text itself and cancels the request. A stop string inside reasoning ends nothing.
   */
  stop?: readonly string[];
  tools?: readonly ModelTool[];
  maxOutputTokens?: number;
  temperature?: number;
  seed?: number;
  /** Ends the request; `generate` then throws `signal.reason`. */
  signal?: AbortSignal;
}

/** Why a model ended its message. */
export type FinishReason = "stop" | "length" | "tool-calls" | "content-filter" | "error" | "other";

/**
 * What a model streams. Text and reasoning come in pieces of any size. A piece with
 * `providerData` completes its part: the next piece of the same type begins a new one.
 * Exactly one `finish` comes, and comes last.
 */
export type ModelEvent =
  | { type: "text"; text: string; providerData?: ProviderData }
  | { type: "reasoning"; text: string; providerData?: ProviderData }
  | {
      type: "tool-call";
      toolCallId: string;
      name: string;
      /** JSON text as the model wrote it. */
      arguments: string;
      providerData?: ProviderData;
    }
  | { type: "finish"; reason: FinishReason; usage?: Usage };

/** What a model can do. An absent flag means no. */
export interface ModelCapabilities {
  /** `finish` events carry input and output tokens. Needed for `limits.tokens`. */
  usage?: boolean;
  /** Images in user messages are understood. Without it the agent sends placeholders. */
  images?: boolean;
  /** The API takes function tools. Needed for `nativeToolFormat()`. */
  tools?: boolean;
  /** Tool results may contain images; otherwise these follow in a user message. */
  toolResultImages?: boolean;
}

/**
 * A language model. Adapters live in `@codeact/models`; tests use `ScriptedModel`; your own is an
 * object with these members.
 *
 * `generate` sends one request and streams the answer. It throws a `ModelError` when the model
 * cannot answer, throws `request.signal.reason` when aborted, and never retries.
 *
 * @example
 * ```ts
 * const echo: Model = {
 *   id: "echo",
 *   async *generate({ messages }) {
 *     yield { type: "text", text: `You sent ${messages.length} messages.` };
 *     yield { type: "finish", reason: "stop" };
 *   },
 * };
 * ```
 */
export interface Model {
  /** Names the model in events and errors, for example `openai:gpt-5`. */
  readonly id: string;
  readonly capabilities?: ModelCapabilities;
  generate(request: ModelRequest): AsyncIterable<ModelEvent>;
}
