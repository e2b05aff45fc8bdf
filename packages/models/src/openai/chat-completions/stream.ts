import { ModelError, type ModelEvent, type ModelRequest } from "@codeact/core";
import type { FailureContext } from "../../request/failure-message.js";
import { RequestLifetime } from "../../request/request-lifetime.js";
import { idleError, protocolError, truncatedStreamError } from "../../request/transport-failure.js";
import { CompletionReader } from "./completion-reader.js";
import { type ChatCompletionSettings, connect } from "./connect.js";
import { done, readChunks } from "./read-chunks.js";

/** Sends one request and streams its completion. */
export async function* streamChatCompletion(
  request: ModelRequest,
  settings: ChatCompletionSettings,
): AsyncGenerator<ModelEvent, void, undefined> {
  request.signal?.throwIfAborted();
  const lifetime = new RequestLifetime(request.signal, settings.idleTimeoutMs, () =>
    idleError(settings.idleTimeoutMs, settings.failureContext()),
  );
  try {
    const { response, sentStops } = await connect(request, settings, lifetime);
    const reader = new CompletionReader(request.stop ?? [], sentStops);
    yield* readCompletion(response, reader, lifetime, settings.failureContext());
    request.signal?.throwIfAborted();
    // The request is over, or cancelled because of a stop string, before the caller goes on.
    lifetime.close();
    yield* reader.end();
  } finally {
    lifetime.close();
  }
}

/** Streams what comes before the end of the message, and returns once that may be said. */
async function* readCompletion(
  response: Response,
  reader: CompletionReader,
  lifetime: RequestLifetime,
  context: FailureContext,
): AsyncGenerator<ModelEvent, void, undefined> {
  let chunks = 0;
  try {
    for await (const chunk of readChunks(response, lifetime, context)) {
      if (chunk === done) {
        if (chunks > 0) return;
        break;
      }
      chunks++;
      for (const event of reader.push(chunk)) {
        yield event;
        lifetime.throwIfEnded();
      }
      if (reader.mustCancel) return;
    }
  } catch (error) {
    // A message that has been finished is whole; at most its usage got lost.
    if (!reader.isFinished || !isLostConnection(error)) throw error;
  }
  if (chunks === 0) throw protocolError("ended its answer before it began", "", context);
  if (!reader.isFinished) throw truncatedStreamError(context);
}

function isLostConnection(error: unknown): boolean {
  if (!ModelError.isInstance(error)) return false;
  return error.code === "model-connection" || error.code === "model-timeout";
}
