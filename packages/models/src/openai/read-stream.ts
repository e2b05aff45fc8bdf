import type * as z from "zod/mini";
import { readErrorBody } from "../request/error-body.js";
import type { FailureContext } from "../request/failure-message.js";
import type { RequestLifetime } from "../request/request-lifetime.js";
import { serverError } from "../request/server-failure.js";
import { brokenStreamError, protocolError } from "../request/transport-failure.js";
import type { TextApi } from "./api.js";
import { readServerSentEvents, type ServerSentEvent } from "./server-sent-events.js";

/** Stands for the end of a stream that the server ended on purpose. */
export const done = Symbol("done");

/** How long the end of the body may follow that; awaited so that the socket can be reused. */
const endOfBodyTimeoutMs = 100;

/**
 * Reads the chunks of a streamed answer, and {@link done} last if the server said so.
 * @throws the caller's abort reason, or a `ModelError`
 */
export async function* readStream<Chunk>(
  response: Response,
  api: Pick<TextApi<never, Chunk>, "readEvent">,
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
        const { chunk, isLast = false } = api.readEvent(event, context);
        if (chunk !== undefined) yield chunk;
        isDone = isLast;
        if (isDone) lifetime.limitWaits(endOfBodyTimeoutMs);
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

/**
 * The data of an event.
 * @throws `ModelError` if they are no JSON or report an error
 */
export function readEventData(event: ServerSentEvent, context: FailureContext): unknown {
  const data = parseJson(event.data);
  if (data === undefined) throw protocolError("streamed malformed JSON", event.data, context);
  const isError =
    event.event === "error" || (typeof data === "object" && data !== null && "error" in data);
  if (isError) throw serverError(readErrorBody(data), context);
  return data;
}

/** The error for an event that does not have the shape that its API gives it. */
export function shapeError(
  error: z.core.$ZodError,
  event: ServerSentEvent,
  context: FailureContext,
): Error {
  const where = error.issues.map((issue) => issue.path.join(".")).join(", ");
  return protocolError(`streamed a chunk with an unknown shape at ${where}`, event.data, context);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
