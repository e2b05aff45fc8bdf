import type { ModelRequest } from "@codeact/core";
import type { OpenAI } from "openai";
import type { FailureContext } from "../request/failure-message.js";
import type { RequestLifetime } from "../request/request-lifetime.js";
import { serverError } from "../request/server-failure.js";
import { connectionError, unsendableError } from "../request/transport-failure.js";
import type { TextApi } from "./api.js";
import { asServerFailure } from "./client-failure.js";
import type { RequestDefaults } from "./request-defaults.js";
import type { RequestDialect } from "./request-dialect.js";

/** What the requests of a model share. */
export interface OpenAISettings {
  client: OpenAI;
  headers: Readonly<Record<string, string>>;
  idleTimeoutMs: number;
  defaults: RequestDefaults;
  dialect: RequestDialect;
  /** Where a failure happened. Asked late, because a client may learn its key late. */
  failureContext: () => FailureContext;
}

/** A server's answer that has begun. */
export interface Connection {
  response: Response;
  /** The stop strings that the server was told. */
  sentStops: readonly string[];
}

/** Sends the request, in another dialect each time when the server refuses a parameter. */
export async function connect<Body>(
  request: ModelRequest,
  { client, headers, idleTimeoutMs, defaults, dialect, failureContext }: OpenAISettings,
  api: TextApi<Body, unknown>,
  lifetime: RequestLifetime,
): Promise<Connection> {
  for (;;) {
    const attempt = api.requestBody(request, defaults, dialect);
    try {
      const answer = api.post(client, attempt.body, {
        headers,
        signal: lifetime.signal,
        maxRetries: 0,
        // The lifetime owns the clock; this only keeps the client's own from being earlier.
        timeout: idleTimeoutMs + 1_000,
      });
      return { response: await lifetime.wait(answer), sentStops: attempt.sentStops };
    } catch (error) {
      lifetime.throwIfEnded();
      const context = failureContext();
      const failure = asServerFailure(error);
      if (!failure) throw clientError(error, context);
      const refusal = serverError(failure, context);
      if (refusal.code !== "model-invalid-request") throw refusal;
      if (!dialect.learn(failure, attempt.parameters)) throw refusal;
    }
  }
}

/** The client gives its network errors a `status` without a value, and no other error has one. */
function clientError(error: unknown, context: FailureContext): Error {
  const isNetwork = error instanceof Error && "status" in error;
  return isNetwork ? connectionError(error, context) : unsendableError(error, context);
}
