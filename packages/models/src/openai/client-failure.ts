import { readErrorBody } from "../request/error-body.js";
import type { ServerFailure } from "../request/server-failure.js";

/** The server's refusal that the OpenAI client threw, or `undefined` if it threw something else. */
export function asServerFailure(error: unknown): ServerFailure | undefined {
  // By shape: a client that the user passed may come from another copy of the package.
  if (!(error instanceof Error) || !("status" in error) || !("error" in error)) return undefined;
  if (typeof error.status !== "number") return undefined;
  const facts = readErrorBody(error.error);
  return {
    ...facts,
    message: facts.message || error.message,
    status: error.status,
    ...("headers" in error && error.headers instanceof Headers ? { headers: error.headers } : {}),
    cause: error,
  };
}
