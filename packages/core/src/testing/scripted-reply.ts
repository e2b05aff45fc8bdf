import type { JsonObject } from "../json.js";
import type { ProviderData } from "../model/message.js";
import type { FinishReason, ModelRequest } from "../model/model.js";
import type { Usage } from "../model/usage.js";

/** A native tool call in a {@link ScriptedMessage}. */
export interface ScriptedToolCall {
  name: string;
  /** An object is written as JSON; a string is sent as it is, also when it is malformed. */
  arguments: string | JsonObject;
  /** @defaultValue `call_<request>_<position>`, both from 0 */
  toolCallId?: string;
  providerData?: ProviderData;
}

/** One answer of a `ScriptedModel`: reasoning first, then text, then tool calls. */
export interface ScriptedMessage {
  text?: string;
  /** Opaque data on the last piece of the text. */
  providerData?: ProviderData;
  reasoning?: string;
  /** Opaque data on the last piece of the reasoning. */
  reasoningProviderData?: ProviderData;
  toolCalls?: readonly ScriptedToolCall[];
  /** @defaultValue `"tool-calls"` where there are tool calls, else `"stop"` */
  finishReason?: FinishReason;
  /** @defaultValue the model's `usage` option */
  usage?: Usage;
  /** Thrown instead of going on; see `errorAfter`. */
  error?: Error;
  /**
   * How many code units of reasoning and text come before `error`; `Infinity` sends all but the
   * finish. @defaultValue 0, before the first event
   */
  errorAfter?: number;
  /** How long to wait, in milliseconds; see `waitAfter`. @defaultValue 0 */
  delayMs?: number;
  /** Waited for until it settles or the request is aborted; see `waitAfter`. */
  gate?: Promise<unknown>;
  /**
   * How many code units of reasoning and text come before `delayMs` and `gate` are waited for.
   * @defaultValue 0, before the first event
   */
  waitAfter?: number;
  /** Code units a piece; `Infinity` sends reasoning and text whole. @defaultValue the model's */
  chunkSize?: number;
}

/**
 * An answer of a `ScriptedModel`: the text, more than text, or a function of the request and its
 * number (from 0).
 */
export type ScriptedReply =
  | string
  | ScriptedMessage
  | ((
      request: ModelRequest,
      index: number,
    ) => string | ScriptedMessage | Promise<string | ScriptedMessage>);
