import { delay } from "../async/abort.js";
import { CodeActError } from "../errors/codeact-error.js";
import { ModelError } from "../errors/model-error.js";

/** How failed model requests are tried again, as long as nothing of the answer has come. */
export interface RetryOptions {
  /** Requests a step, the first included. @defaultValue 3 */
  attempts?: number;
  /** Wait before the second attempt; doubled each time, with jitter. @defaultValue 500 */
  initialDelayMs?: number;
  /**
   * Longest wait. A server that asks for more ends the run instead. @defaultValue 30,000
   */
  maxDelayMs?: number;
}

/** The retry policy with its defaults, checked. */
export function resolveRetry(given: RetryOptions = {}): Required<RetryOptions> {
  const retry = { attempts: 3, initialDelayMs: 500, maxDelayMs: 30_000, ...given };
  if (!Number.isInteger(retry.attempts) || retry.attempts < 1) {
    throw new CodeActError("invalid-option", "retry.attempts must be an integer from 1.");
  }
  if (!(retry.initialDelayMs >= 0) || !(retry.maxDelayMs >= 0)) {
    throw new CodeActError("invalid-option", "The delays of retry must not be negative.");
  }
  return retry;
}

/** Waits before the next attempt, or rethrows what should not be tried again. */
export async function waitForRetry(
  error: unknown,
  attempt: number,
  retry: Required<RetryOptions>,
  signal: AbortSignal,
): Promise<void> {
  if (!ModelError.isInstance(error) || !error.retryable || attempt >= retry.attempts) throw error;
  const asked = error.retryAfterMs ?? 0;
  if (asked > retry.maxDelayMs) throw error;
  const backoff = Math.min(retry.initialDelayMs * 2 ** (attempt - 1), retry.maxDelayMs);
  // Half fixed, half random: clients that failed together do not come back together.
  await delay(Math.max(asked, backoff * (0.5 + Math.random() / 2)), signal);
}
