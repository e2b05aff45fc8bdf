import { ModelError } from "@codeact/core";
import { causeChain, describe, type FailureContext, safeCause } from "./failure-message.js";

/** The error for a connection that failed, broke or timed out below us. */
export function connectionError(error: unknown, context: FailureContext): ModelError {
  const reasons = causeChain(error);
  const text = reasons.join(": ");
  const code = /time(d )?-?out|UND_ERR_(HEADERS|BODY)_TIMEOUT/i.test(text)
    ? "model-timeout"
    : "model-connection";
  const what = code === "model-timeout" ? "did not answer in time" : "could not be reached";
  return new ModelError(
    code,
    describe(context, what, text, context.advice["model-connection"]),
    safeCause(error, context),
  );
}

/** The error for a request that the client refused to send. */
export function unsendableError(error: unknown, context: FailureContext): ModelError {
  return new ModelError(
    "model-invalid-request",
    describe(context, "got no request, because the client could not build it", String(error)),
    safeCause(error, context),
  );
}

/** The error for an answer that is not what the protocol says. */
export function protocolError(what: string, detail: string, context: FailureContext): ModelError {
  return new ModelError(
    "model-invalid-response",
    describe(context, what, detail, context.advice["model-invalid-response"]),
  );
}

/** The error for a stream that ended in the middle. */
export function brokenStreamError(error: unknown, context: FailureContext): ModelError {
  const text = causeChain(error).join(": ");
  const code = /timeout/i.test(text) ? "model-timeout" : "model-connection";
  return new ModelError(
    code,
    describe(context, "broke the connection in the middle of its answer", text),
    safeCause(error, context),
  );
}

/** The error for a stream that ended as if nothing were missing. */
export function truncatedStreamError(context: FailureContext): ModelError {
  return new ModelError(
    "model-connection",
    describe(context, "ended the stream without a finish reason", ""),
  );
}

/** The error for a server that has been silent for too long. */
export function idleError(idleTimeoutMs: number, context: FailureContext): ModelError {
  return new ModelError(
    "model-timeout",
    describe(
      context,
      `sent nothing for ${idleTimeoutMs} ms`,
      "",
      "If the model needs longer to begin, raise the option idleTimeoutMs.",
    ),
  );
}
