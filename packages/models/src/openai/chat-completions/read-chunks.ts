import { readErrorBody } from "../../request/error-body.js";
import type { FailureContext } from "../../request/failure-message.js";
import type { RequestLifetime } from "../../request/request-lifetime.js";
import { readServerSentEvents, type ServerSentEvent } from "../server-sent-events.js";
import { serverError } from "../../request/server-failure.js";
import { brokenStreamError, protocolError } from "../../request/transport-failure.js";
import { type Chunk, chunkSchema } from "./chunk.js";

/** Stands for `[DONE]`, with which a server ends a stream on purpose. */
export const done = Symbol("done");

/** How long the end of the body may follow `[DONE]`; awaited so that the socket can be reused. */
const endOfBodyTimeoutMs = 100;

/**
 * Reads the chunks of a streamed answer, and {@link done} last if the server said so.
 * @throws the caller's abort reason, or a `ModelError`
 */
export async function* readChunks(
  response: Response,
  lifetime: RequestLifetime,
  context: FailureContext,
): AsyncGenerator<Chunk | typeof done, void, undefined> {
  const wait = async <T>(promise: Promise<T>): Promise<T> => {
    try {
      return await lifetime.wait(promise);
    } catch (error) {
      lifetime.throwIfEnded();
      throw brokenStreamError(error, context);
    }
  };
  const body = await streamedBody(response, wait, context);
  let isDone = false;
  try {
    for await (const events of readServerSentEvents(body, wait)) {
      for (const event of events) {
        if (isDone) break;
        isDone = event.data === "[DONE]";
        if (isDone) lifetime.limitWaits(endOfBodyTimeoutMs);
        else yield readChunk(event, context);
      }
    }
  } catch (error) {
    // All was said before; how the connection ends no longer matters.
    if (!isDone) throw error;
  }
  if (isDone) yield done;
}

/** A server, or a proxy before it, may answer 200 and yet not stream. */
async function streamedBody(
  response: Response,
  wait: <T>(promise: Promise<T>) => Promise<T>,
  context: FailureContext,
): Promise<ReadableStream<Uint8Array>> {
  const type = response.headers.get("content-type") ?? "no content type";
  if (response.body && !/\b(json|html)\b/i.test(type)) return response.body;
  const text = await wait(response.text());
  const body = parseJson(text);
  if (typeof body === "object" && body !== null && "error" in body) {
    throw serverError(readErrorBody(body), context);
  }
  throw protocolError(`answered with ${type} instead of an event stream`, text, context);
}

function readChunk(event: ServerSentEvent, context: FailureContext): Chunk {
  const data = parseJson(event.data);
  if (data === undefined) throw protocolError("streamed malformed JSON", event.data, context);
  const isError =
    event.event === "error" || (typeof data === "object" && data !== null && "error" in data);
  if (isError) throw serverError(readErrorBody(data), context);
  const chunk = chunkSchema.safeParse(data);
  if (chunk.success) return chunk.data;
  const where = chunk.error.issues.map((issue) => issue.path.join(".")).join(", ");
  throw protocolError(`streamed a chunk with an unknown shape at ${where}`, event.data, context);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
