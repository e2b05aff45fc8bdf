import { CodeActError, ModelError, type ModelEvent } from "@codeact/core";
import type { RecordedError, RecordedExchange } from "./exchange.js";

/** Plays one exchange. `speed` as in `RecordedModelOptions`. */
export async function* replayExchange(
  exchange: RecordedExchange,
  speed: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<ModelEvent, void, undefined> {
  const start = performance.now();
  const arrive = async (atMs: number): Promise<void> => {
    const leftMs = atMs / speed - (performance.now() - start);
    if (leftMs > 0) await sleep(leftMs, signal);
    signal?.throwIfAborted();
  };
  for (const { atMs, event } of exchange.events) {
    await arrive(atMs);
    yield structuredClone(event);
  }
  const { error, events } = exchange;
  if (error) {
    await arrive(error.atMs);
    throw toError(error);
  }
  if (events.at(-1)?.event.type === "finish") return;
  throw new CodeActError(
    "script",
    "The recorded exchange was cut off here, by an abort or by a caller that stopped reading, " +
      "and this caller goes on. Do the same in the replay, or record again.",
  );
}

function toError({ name, message, code, retryable, status, retryAfterMs }: RecordedError): Error {
  if (code) {
    return new ModelError(code, message, {
      ...(retryable === undefined ? {} : { retryable }),
      ...(status === undefined ? {} : { status }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  const error = new Error(message);
  error.name = name;
  return error;
}

/** @throws the signal's reason */
function sleep(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, durationMs);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}
