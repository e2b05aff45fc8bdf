import { type Model, ModelError, type ModelEvent, type ModelRequest } from "@codeact/core";
import type { RecordedError, RecordedExchange } from "./exchange.js";
import { RecordingWriter } from "./recording-file.js";

/** Where a recording goes: to a file, to which it is appended, or into an array. */
export type RecordTarget = { path: string } | { exchanges: RecordedExchange[] };

/**
 * A model that does what `model` does and records every exchange. Requests that fail, are aborted
 * or are left early are recorded too. The `finish` event, or the error, comes once its exchange is
 * stored, so a recording ends where the run was seen to end.
 *
 * Requests hold whole conversations, and no keys or headers. A file should have one writing
 * process at a time; concurrent requests are recorded in the order in which they end.
 *
 * @throws from the stream: what `model` throws, and `CodeActError` with code `invalid-option` if
 * the file cannot be written
 *
 * @example
 * ```ts
 * const model = recordModel(new OpenAIModel({ model: "gpt-5" }), { path: "demo.jsonl" });
 * await new Agent({ model, executor }).run("Which city is warmest?");
 * ```
 */
export function recordModel(model: Model, target: RecordTarget): Model {
  const store = storeOf(target);
  return {
    id: model.id,
    ...(model.capabilities ? { capabilities: model.capabilities } : {}),
    generate: (request) => record(model, request, store),
  };
}

type Store = (exchange: RecordedExchange) => Promise<void>;

function storeOf(target: RecordTarget): Store {
  if ("path" in target) {
    const writer = new RecordingWriter(target.path);
    return (exchange) => writer.append(exchange);
  }
  return async (exchange) => {
    target.exchanges.push(exchange);
  };
}

async function* record(
  model: Model,
  request: ModelRequest,
  store: Store,
): AsyncGenerator<ModelEvent, void, undefined> {
  const start = performance.now();
  const atMs = () => Math.round(performance.now() - start);
  const exchange = beginExchange(model, request);
  let isStored = false;
  const storeOnce = async (): Promise<void> => {
    if (isStored) return;
    isStored = true;
    await store(exchange);
  };
  try {
    for await (const event of model.generate(request)) {
      exchange.events.push({ atMs: atMs(), event: structuredClone(event) });
      if (event.type === "finish") await storeOnce();
      yield event;
    }
  } catch (error) {
    const isAbort = request.signal?.aborted && error === request.signal.reason;
    if (!isAbort && !isStored) exchange.error = { atMs: atMs(), ...describeError(error) };
    throw error;
  } finally {
    await storeOnce();
  }
}

/** A copy, for the agent goes on with its messages. */
function beginExchange(model: Model, { signal: _, ...request }: ModelRequest): RecordedExchange {
  const { id, capabilities } = model;
  return {
    version: 1,
    model: { id, ...(capabilities ? { capabilities: { ...capabilities } } : {}) },
    request: structuredClone(request),
    events: [],
  };
}

function describeError(error: unknown): Omit<RecordedError, "atMs"> {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message } = error;
  if (!ModelError.isInstance(error)) return { name, message };
  const { code, retryable, status, retryAfterMs } = error;
  return {
    name,
    message,
    code,
    retryable,
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
