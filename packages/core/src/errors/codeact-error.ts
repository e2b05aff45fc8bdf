import type { ErrorCode } from "./error-code.js";

const brand = Symbol.for("codeact.error");

/** Facts shared by every {@link CodeActError}. */
export interface CodeActErrorOptions {
  /** The error or value that led to this one. */
  cause?: unknown;
}

/**
 * The base of all errors that this library throws. Its `code` is stable and documented; the
 * message says what happened, where, and what to do.
 *
 * Two copies of the package may be loaded at once, so test with {@link CodeActError.isInstance}
 * and not with `instanceof`.
 *
 * @example
 * ```ts
 * try {
 *   await agent.run("…");
 * } catch (error) {
 *   if (CodeActError.isInstance(error) && error.code === "executor-start") installPython();
 *   else throw error;
 * }
 * ```
 */
export class CodeActError<TCode extends ErrorCode = ErrorCode> extends Error {
  override readonly name: string = "CodeActError";
  /** The stable reason; see {@link ErrorCode}. */
  readonly code: TCode;

  constructor(code: TCode, message: string, options: CodeActErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Whether `value` is an error of this library, also one made by another copy of it. */
  static isInstance(value: unknown): value is CodeActError {
    return typeof value === "object" && value !== null && brand in value;
  }
}
