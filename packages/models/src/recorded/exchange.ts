import type { ModelCapabilities, ModelErrorCode, ModelEvent, ModelRequest } from "@codeact/core";

/** A request as it is recorded: without its signal. */
export type RecordedRequest = Omit<ModelRequest, "signal">;

/** An event and when it came, in milliseconds since the request. */
export interface RecordedEvent {
  atMs: number;
  event: ModelEvent;
}

/** How a request failed, and when, in milliseconds since the request. */
export interface RecordedError {
  atMs: number;
  /** The error's class, such as `ModelError`. */
  name: string;
  message: string;
  /** The code of a `ModelError`; the following three belong to it. */
  code?: ModelErrorCode;
  retryable?: boolean;
  status?: number;
  retryAfterMs?: number;
}

/**
 * One request to a model and all that came of it. One without `error` whose events do not end with
 * `finish` was cut off: the caller aborted it or stopped reading.
 */
export interface RecordedExchange {
  /** Of this form. */
  version: 1;
  /** The model that was recorded. */
  model: { id: string; capabilities?: ModelCapabilities };
  request: RecordedRequest;
  events: RecordedEvent[];
  error?: RecordedError;
}
