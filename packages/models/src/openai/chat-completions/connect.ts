import type { ModelRequest } from "@codeact/core";
import type { OpenAI } from "openai";
import { asServerFailure } from "../client-failure.js";
import type { FailureContext } from "../../request/failure-message.js";
import type { RequestDialect } from "../request-dialect.js";
import type { RequestLifetime } from "../../request/request-lifetime.js";
import { serverError } from "../../request/server-failure.js";
import { connectionError, unsendableError } from "../../request/transport-failure.js";
import { type RequestBody, type RequestDefaults, requestBody } from "./request-body.js";

/** What the requests of a model share. */
export interface ChatCompletionSettings {
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
export async function connect(
  request: ModelRequest,
  settings: ChatCompletionSettings,
  lifetime: RequestLifetime,
): Promise<Connection> {
  for (;;) {
    const attempt = requestBody(request, settings.defaults, settings.dialect);
    try {
      const response = await lifetime.wait(post(attempt, settings, lifetime));
      return { response, sentStops: attempt.sentStops };
    } catch (error) {
      lifetime.throwIfEnded();
      const context = settings.failureContext();
      const failure = asServerFailure(error);
      if (!failure) throw clientError(error, context);
      const refusal = serverError(failure, context);
      if (refusal.code !== "model-invalid-request") throw refusal;
      if (!settings.dialect.learn(failure, attempt.parameters)) throw refusal;
    }
  }
}

async function post(
  { body }: RequestBody,
  { client, headers, idleTimeoutMs }: ChatCompletionSettings,
  lifetime: RequestLifetime,
): Promise<Response> {
  return client.chat.completions
    .create(body, {
      headers,
      signal: lifetime.signal,
      maxRetries: 0,
      // The lifetime owns the clock; this only keeps the client's own from being earlier.
      timeout: idleTimeoutMs + 1_000,
    })
    .asResponse();
}

/** The client gives its network errors a `status` without a value, and no other error has one. */
function clientError(error: unknown, context: FailureContext): Error {
  const isNetwork = error instanceof Error && "status" in error;
  return isNetwork ? connectionError(error, context) : unsendableError(error, context);
}
