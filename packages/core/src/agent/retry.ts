import { delay } from "../async/abort.js";
import { ModelError } from "../errors/model-error.js";
import { invalidOption, maximumDelayMs, withDefaults } from "./option-checks.js";

/** How failed model requests are tried again, as long as nothing of the answer has come. */
export interface RetryOptions {
  /** Requests a step, the first included. @defaultValue 3 */
  attempts?: number;
  /**
   * Wait before the second attempt, in milliseconds; doubled each time, with jitter.
   * @defaultValue 500
   */
  initialDelayMs?: number;
  /**
   * Longest wait, in milliseconds. A server that asks for more ends the run instead. @defaultValue 30,000
   */
  maxDelayMs?: number;
}

const defaultRetry = { attempts: 3, initialDelayMs: 500, maxDelayMs: 30_000 };

/** The retry policy with its defaults, checked. */
export function resolveRetry(given?: RetryOptions): Required<RetryOptions> {
  const retry = withDefaults("retry", defaultRetry, given);
  if (!Number.isInteger(retry.attempts) || retry.attempts < 1) {
    throw invalidOption("retry.attempts must be an integer from 1.");
  }
  for (const name of ["initialDelayMs", "maxDelayMs"] as const) {
    if (!(retry[name] >= 0 && retry[name] <= maximumDelayMs)) {
      throw invalidOption(`retry.${name} must be from 0 to ${maximumDelayMs} milliseconds.`);
    }
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
