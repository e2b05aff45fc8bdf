import { ModelError, type ModelErrorCode } from "@codeact/core";
import * as z from "zod/mini";
import { type ErrorFacts, readErrorBody } from "../request/error-body.js";
import { type FailureContext, describe, safeCause } from "../request/failure-message.js";
import { serverError } from "../request/server-failure.js";
import {
  brokenStreamError,
  connectionError,
  protocolError,
  unsendableError,
} from "../request/transport-failure.js";

/** The SDK's own errors, by name: they may come from any copy of its packages. */
const codeByName: ReadonlyMap<string, ModelErrorCode> = new Map([
  ["AI_LoadAPIKeyError", "model-authentication"],
  ["AI_NoSuchModelError", "model-not-found"],
  ["AI_JSONParseError", "model-invalid-response"],
  ["AI_TypeValidationError", "model-invalid-response"],
  ["AI_InvalidResponseDataError", "model-invalid-response"],
  ["AI_EmptyResponseBodyError", "model-invalid-response"],
  ["AI_NoContentGeneratedError", "model-invalid-response"],
]);

const apiCallErrorSchema = z.object({
  message: z.string(),
  statusCode: z.optional(z.number()),
  responseHeaders: z.catch(z.optional(z.record(z.string(), z.string())), undefined),
  responseBody: z.catch(z.optional(z.string()), undefined),
  data: z.optional(z.unknown()),
});

type ApiCallError = z.infer<typeof apiCallErrorSchema>;

/** The error for what `doStream` threw before it streamed. */
export function requestError(error: unknown, context: FailureContext): ModelError {
  if (ModelError.isInstance(error)) return error;
  if (!(error instanceof Error)) return unsendableError(error, context);
  if (error.name !== "AI_APICallError") return namedError(error, context);
  const call = apiCallErrorSchema.safeParse(error).data;
  if (call?.statusCode === undefined) return connectionError(error, context);
  if (call.statusCode < 400) return protocolError(noAnswer, call.message, context);
  return apiError(call, error, context);
}

const noAnswer = "gave no usable answer";

/** The error for a part of type `error`: whatever the provider found in its stream. */
export function streamedError(error: unknown, context: FailureContext): ModelError {
  if (!(error instanceof Error)) return serverError(readErrorBody(error), context);
  const unread = unreadError(error);
  if (unread !== undefined) return serverError({ ...readErrorBody(unread), cause: error }, context);
  if (error.name !== "AI_APICallError") return namedError(error, context);
  const call = apiCallErrorSchema.safeParse(error).data;
  return call ? apiError(call, error, context) : brokenStreamError(error, context);
}

/** What the server reported within its stream where the provider expects nothing but chunks. */
function unreadError(error: Error): unknown {
  if (error.name !== "AI_TypeValidationError" || !("value" in error)) return undefined;
  const { value } = error;
  return typeof value === "object" && value !== null && "error" in value ? value.error : undefined;
}

/** The error for a stream that broke below the provider. */
export function streamError(error: unknown, context: FailureContext): ModelError {
  if (error instanceof Error && codeByName.has(error.name)) return namedError(error, context);
  return brokenStreamError(error, context);
}

function apiError(call: ApiCallError, cause: Error, context: FailureContext): ModelError {
  const { statusCode, responseHeaders } = call;
  const body = parseJson(call.responseBody);
  if (isOwnError(body)) return protocolError(noAnswer, body.text ?? call.message, context);
  const facts = errorFacts(call, body);
  const status = statusCode !== undefined && statusCode >= 400 ? statusCode : facts.status;
  return serverError(
    {
      ...facts,
      message: facts.message || call.message,
      ...(status === undefined ? {} : { status }),
      ...(responseHeaders ? { headers: new Headers(responseHeaders) } : {}),
      cause,
    },
    context,
  );
}

/** A provider may report what it could not read itself as if the server had failed so. */
function isOwnError(body: unknown): body is { name: string; text?: string } {
  if (typeof body !== "object" || body === null || !("name" in body)) return false;
  return typeof body.name === "string" && codeByName.has(body.name);
}

/** The body is what the server said; `data` is what the provider kept of it. */
function errorFacts({ responseBody, data, message }: ApiCallError, body: unknown): ErrorFacts {
  for (const each of [body, data, responseBody]) {
    const facts = each === undefined ? undefined : readErrorBody(each);
    if (facts?.message) return facts;
  }
  return { message };
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function namedError(error: Error, context: FailureContext): ModelError {
  const code = codeByName.get(error.name);
  if (code === "model-invalid-response") return protocolError(noAnswer, error.message, context);
  if (code) {
    return new ModelError(
      code,
      describe(context, "could not be asked", error.message),
      safeCause(error, context),
    );
  }
  if (error.name.startsWith("AI_")) return unsendableError(error, context);
  const isNetwork = error instanceof TypeError || "code" in error || error.cause instanceof Error;
  return isNetwork
    ? connectionError(error, context)
    : protocolError(noAnswer, error.message, context);
}
