import { CodeActError, type CodeActErrorOptions } from "./codeact-error.js";
import type { ModelErrorCode } from "./error-code.js";

const retryableCodes: ReadonlySet<ModelErrorCode> = new Set([
  "model-rate-limit",
  "model-overloaded",
  "model-server",
  "model-timeout",
  "model-connection",
  "model-invalid-response",
]);

/** Facts of a failed model request. */
export interface ModelErrorOptions extends CodeActErrorOptions {
  /** Whether trying again may help. @defaultValue derived from the code */
  retryable?: boolean;
  /** The HTTP status, where there was one. */
  status?: number;
  /** How long the server asked to wait, in milliseconds. */
  retryAfterMs?: number;
}

/**
 * A model could not answer. Adapters throw it and never retry; the agent's retry policy reads
 * `retryable` and `retryAfterMs`.
 */
export class ModelError extends CodeActError<ModelErrorCode> {
  override readonly name: string = "ModelError";
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ModelErrorCode, message: string, options: ModelErrorOptions = {}) {
    super(code, message, options);
    this.retryable = options.retryable ?? retryableCodes.has(code);
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Whether `value` is a model error, also one made by another copy of this library. */
  static override isInstance(value: unknown): value is ModelError {
    return (
      CodeActError.isInstance(value) &&
      (value.code === "context-overflow" || value.code.startsWith("model-"))
    );
  }
}
