import { ModelError, type ModelErrorCode } from "@codeact/core";
import { isContextOverflow } from "./context-overflow.js";
import type { ErrorFacts } from "./error-body.js";
import { describe, type FailureContext, safeCause } from "./failure-message.js";
import { retryAfterMs } from "./retry-after.js";

/** A failure that the server itself reported. */
export interface ServerFailure extends ErrorFacts {
  headers?: Headers;
  cause?: unknown;
}

const codeByStatus: Readonly<Record<number, ModelErrorCode>> = {
  401: "model-authentication",
  402: "model-permission",
  403: "model-permission",
  404: "model-not-found",
  408: "model-timeout",
  413: "model-request-too-large",
  429: "model-rate-limit",
  503: "model-overloaded",
  504: "model-timeout",
  524: "model-timeout",
  529: "model-overloaded",
};

/** For errors inside a stream, which have no status. Tried on the body's `code`, then `type`. */
const codeByWord: readonly (readonly [RegExp, ModelErrorCode])[] = [
  [/rate_limit|quota/i, "model-rate-limit"],
  [/api_key|authentication|unauthorized/i, "model-authentication"],
  [/permission|forbidden/i, "model-permission"],
  [/not_found/i, "model-not-found"],
  [/overloaded|unavailable/i, "model-overloaded"],
  [/timeout/i, "model-timeout"],
  [/invalid_request|bad_?request/i, "model-invalid-request"],
];

const overflowAdvice = "Shorten the conversation or use a model with a larger context window.";

/** Quota that is spent and requests above a whole minute's limit do not get better by waiting. */
const neverBetter = /insufficient_quota|must be reduced/i;

/** The error for what the server reported. */
export function serverError(failure: ServerFailure, context: FailureContext): ModelError {
  const code = serverErrorCode(failure);
  const where = failure.status ? `failed with status ${failure.status}` : "reported an error";
  const advice = code === "context-overflow" ? overflowAdvice : context.advice[code];
  const waitMs = failure.headers && retryAfterMs(failure.headers);
  return new ModelError(code, describe(context, where, failure.message, advice), {
    ...safeCause(failure.cause, context),
    ...(failure.status === undefined ? {} : { status: failure.status }),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    ...(isRetryableConflict(failure) ? { retryable: true } : {}),
    ...(code === "model-rate-limit" && neverBetter.test(`${failure.code} ${failure.message}`)
      ? { retryable: false }
      : {}),
  });
}

function serverErrorCode(failure: ServerFailure): ModelErrorCode {
  const { status } = failure;
  const mayOverflow = status !== 401 && status !== 403 && status !== 429;
  if (mayOverflow && isContextOverflow(failure)) return "context-overflow";
  if (status !== undefined) {
    const code = codeByStatus[status];
    if (code) return code;
    if (status >= 500) return "model-server";
    return status >= 400 ? "model-invalid-request" : "model-invalid-response";
  }
  for (const word of [failure.code, failure.type]) {
    const match = word && codeByWord.find(([pattern]) => pattern.test(word));
    if (match) return match[1];
  }
  return "model-server";
}

/** Servers answer 409 and 425 when they could not serve a good request just now. */
function isRetryableConflict(failure: ServerFailure): boolean {
  return failure.status === 409 || failure.status === 425;
}
