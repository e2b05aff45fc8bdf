import { abortable } from "../async/abort.js";
import { CodeActError } from "../errors/codeact-error.js";

/**
 * Calls a callback of the agent's options; what it throws becomes a typed error. The end of the
 * run does not wait for one that ignores the signal.
 */
export function callCallback<T>(
  name: string,
  signal: AbortSignal,
  call: () => T | Promise<T>,
): Promise<T> {
  return abortable(named(name, call), signal);
}

/** What a callback returned cannot be used. */
export function badReturn(name: string, expected: string): CodeActError {
  return new CodeActError("callback", `The agent's ${name} must return ${expected}.`);
}

async function named<T>(name: string, call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (CodeActError.isInstance(error)) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new CodeActError("callback", `The agent's ${name} failed: ${text}`, { cause: error });
  }
}
