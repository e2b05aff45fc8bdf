import { ModelError } from "../src/errors/model-error.js";
import type { ModelErrorCode } from "../src/errors/error-code.js";
import type { ProviderData } from "../src/model/message.js";
import type { Model, ModelEvent, ModelRequest } from "../src/model/model.js";
import type {
  ModelFault,
  ModelSetup,
  ModelSetupOptions,
} from "../src/testing/model-conformance/model-under-test.js";

/** The API under a memory model. */
export interface MemoryApi {
  requests: string[];
  openAnswers: number;
  /** Streams the next answers. */
  answer: (request: ModelRequest) => AsyncIterable<ModelEvent>;
  /** Whether the API made these provider data. */
  isOwn: (data: ProviderData) => boolean;
}

/** A model without HTTP that passes the conformance suite, some of whose members a test may break. */
export function memory(
  alter: (model: Model, api: MemoryApi) => Partial<Model> = () => ({}),
): ModelSetup {
  return ({ idleTimeoutMs }: ModelSetupOptions) => {
    const api: MemoryApi = {
      requests: [],
      openAnswers: 0,
      answer: () => streamOf([]),
      isOwn: (data) => typeof data === "object" && data !== null && "mark" in data,
    };
    const sound: Model = {
      id: "memory",
      capabilities: { usage: true, images: true, tools: true },
      generate: (request) => generate(api, request),
    };
    const fail = (...values: ConstructorParameters<typeof ModelError>): void => {
      // oxlint-disable-next-line require-yield -- It fails before.
      api.answer = async function* () {
        throw new ModelError(...values);
      };
    };
    return {
      model: { ...sound, ...alter(sound, api) },
      get requests() {
        return [...api.requests];
      },
      get openAnswers() {
        return api.openAnswers;
      },
      reply({ text, reasoning, usage, reason = "stop" }) {
        api.answer = ({ stop = [] }) =>
          streamOf([
            ...(reasoning ? [{ type: "reasoning" as const, text: reasoning }] : []),
            ...cut(text, stop).map((piece) => ({ type: "text" as const, text: piece })),
            { type: "finish", reason, ...(usage ? { usage } : {}) },
          ]);
      },
      refuse: ({ status, message, headers }) =>
        fail(codes[status] ?? "model-invalid-request", message, {
          status,
          ...(headers ? { retryAfterMs: Number(headers["retry-after"]) * 1_000 } : {}),
        }),
      overflow: () => fail("context-overflow", "too long"),
      fault(fault, after) {
        api.answer = ({ stop = [], signal }) => {
          const pieces = cut(after, stop);
          const isCut = pieces.join("") !== after.join("");
          return isCut
            ? streamOf([...texts(pieces), { type: "finish", reason: "stop" }])
            : faultyStream(fault, pieces, signal, idleTimeoutMs);
        };
      },
      replyWithToolCalls(calls) {
        api.answer = () =>
          streamOf([
            ...calls.map((call) => ({ type: "tool-call" as const, ...call })),
            { type: "finish", reason: "tool-calls" },
          ]);
      },
      replySigned(mark) {
        api.answer = () =>
          streamOf([
            { type: "text", text: "signed", providerData: { mark } },
            { type: "finish", reason: "stop" },
          ]);
      },
      close: async () => {},
    };
  };
}

const codes: Readonly<Record<number, ModelErrorCode>> = {
  401: "model-authentication",
  403: "model-permission",
  404: "model-not-found",
  408: "model-timeout",
  413: "model-request-too-large",
  429: "model-rate-limit",
  500: "model-server",
  503: "model-overloaded",
};

async function* generate(
  api: MemoryApi,
  request: ModelRequest,
): AsyncGenerator<ModelEvent, void, undefined> {
  const { signal, ...rest } = request;
  signal?.throwIfAborted();
  api.requests.push(
    JSON.stringify(rest, (key, value: ProviderData) =>
      key === "providerData" && !api.isOwn(value) ? undefined : value,
    ),
  );
  for await (const event of api.answer(request)) {
    yield event;
    signal?.throwIfAborted();
  }
}

function texts(pieces: readonly string[]): ModelEvent[] {
  return pieces.map((text) => ({ type: "text", text }));
}

async function* streamOf(
  events: readonly ModelEvent[],
): AsyncGenerator<ModelEvent, void, undefined> {
  yield* events;
}

/** The whole text is known, so stop strings are cut in one go. */
function cut(pieces: readonly string[], stops: readonly string[]): readonly string[] {
  const whole = pieces.join("");
  const ends = stops
    .filter((stop) => stop !== "" && whole.includes(stop))
    .map((stop) => whole.indexOf(stop));
  return ends.length === 0 ? pieces : [whole.slice(0, Math.min(...ends))];
}

async function* faultyStream(
  fault: ModelFault,
  pieces: readonly string[],
  signal: AbortSignal | undefined,
  idleTimeoutMs = 300_000,
): AsyncGenerator<ModelEvent, void, undefined> {
  yield* texts(pieces);
  if (fault === "stall") await silence(idleTimeoutMs, signal);
  if (fault === "error") throw new ModelError("model-overloaded", "busy");
  if (fault === "malformed") throw new ModelError("model-invalid-response", "What?");
  throw new ModelError("model-connection", "gone");
}

/** @throws a time-out, or the signal's reason */
function silence(durationMs: number, signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const end = (reason: unknown): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      reject(reason as Error);
    };
    const onAbort = (): void => end(signal?.reason);
    const timer = setTimeout(() => end(new ModelError("model-timeout", "silent")), durationMs);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort);
  });
}
