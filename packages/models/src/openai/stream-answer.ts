import { ModelError, type ModelEvent, type ModelRequest } from "@codeact/core";
import type { FailureContext } from "../request/failure-message.js";
import { RequestLifetime } from "../request/request-lifetime.js";
import { idleError, protocolError, truncatedStreamError } from "../request/transport-failure.js";
import type { AnswerReader, TextApi } from "./api.js";
import { connect, type OpenAISettings } from "./connect.js";
import { done, readStream } from "./read-stream.js";

/** Sends one request and streams its answer. */
export async function* streamAnswer<Body, Chunk>(
  request: ModelRequest,
  settings: OpenAISettings,
  api: TextApi<Body, Chunk>,
): AsyncGenerator<ModelEvent, void, undefined> {
  request.signal?.throwIfAborted();
  const lifetime = new RequestLifetime(request.signal, settings.idleTimeoutMs, () =>
    idleError(settings.idleTimeoutMs, settings.failureContext()),
  );
  try {
    const { response, sentStops } = await connect(request, settings, api, lifetime);
    const context = settings.failureContext();
    const reader = api.reader(request.stop ?? [], sentStops);
    const chunks = readStream(response, api, lifetime, context);
    yield* readAnswer(chunks, reader, lifetime, context);
    request.signal?.throwIfAborted();
    // The request is over, or cancelled because of a stop string, before the caller goes on.
    lifetime.close();
    yield* reader.end();
  } finally {
    lifetime.close();
  }
}

/** Streams what comes before the end of the message, and returns once that may be said. */
async function* readAnswer<Chunk>(
  chunks: AsyncIterable<Chunk | typeof done>,
  reader: AnswerReader<Chunk>,
  lifetime: RequestLifetime,
  context: FailureContext,
): AsyncGenerator<ModelEvent, void, undefined> {
  let count = 0;
  try {
    for await (const chunk of chunks) {
      if (chunk === done) {
        if (count > 0) return;
        break;
      }
      count++;
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
  if (count === 0) throw protocolError("ended its answer before it began", "", context);
  if (!reader.isFinished) throw truncatedStreamError(context);
}

function isLostConnection(error: unknown): boolean {
  if (!ModelError.isInstance(error)) return false;
  return error.code === "model-connection" || error.code === "model-timeout";
}
