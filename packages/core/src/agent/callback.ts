import { CodeActError } from "../errors/codeact-error.js";

/** Calls a callback of the agent's options; what it throws becomes a typed error. */
export async function callCallback<T>(name: string, call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (CodeActError.isInstance(error)) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new CodeActError("callback", `The agent's ${name} callback failed: ${text}`, {
      cause: error,
    });
  }
}
