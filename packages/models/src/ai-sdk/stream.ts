import type { JsonObject, ModelCapabilities, ModelEvent, ModelRequest } from "@codeact/core";
import type { FailureContext } from "../request/failure-message.js";
import { RequestLifetime } from "../request/request-lifetime.js";
import { idleError, truncatedStreamError } from "../request/transport-failure.js";
import type { CallOptions, ProviderRecord } from "./call-options.js";
import { requestError, streamedError, streamError } from "./failure.js";
import type { AiSdkLanguageModel } from "./language-model.js";
import { PartReader } from "./part-reader.js";
import { toPrompt } from "./prompt.js";
import type { StreamPart } from "./stream-part.js";

/** What the requests of a model share. */
export interface AiSdkSettings {
  languageModel: AiSdkLanguageModel;
  capabilities: ModelCapabilities;
  idleTimeoutMs: number;
  temperature?: number;
  maxOutputTokens?: number;
  seed?: number;
  headers?: Readonly<Record<string, string>>;
  providerOptions?: Readonly<Record<string, JsonObject>>;
  failureContext: FailureContext;
}

/** More stop strings than this make several APIs refuse the request. */
const maximumStops = 4;

/** Sends one request and streams the answer. */
export async function* streamAnswer(
  request: ModelRequest,
  settings: AiSdkSettings,
): AsyncGenerator<ModelEvent, void, undefined> {
  request.signal?.throwIfAborted();
  const { idleTimeoutMs, failureContext } = settings;
  const lifetime = new RequestLifetime(request.signal, idleTimeoutMs, () =>
    idleError(idleTimeoutMs, failureContext),
  );
  try {
    const stream = await connect(request, settings, lifetime);
    const reader = new PartReader(settings.languageModel.provider, request.stop ?? []);
    yield* readAnswer(stream, reader, lifetime, failureContext);
    request.signal?.throwIfAborted();
    // The request is over, or cancelled because of a stop string, before the caller goes on.
    lifetime.close();
    yield* reader.end();
  } finally {
    lifetime.close();
  }
}

async function connect(
  request: ModelRequest,
  settings: AiSdkSettings,
  lifetime: RequestLifetime,
): Promise<ReadableStream<unknown>> {
  const { languageModel, failureContext } = settings;
  const doStream = languageModel.doStream.bind(languageModel) as (
    options: CallOptions,
  ) => ReturnType<AiSdkLanguageModel["doStream"]>;
  try {
    const answer = Promise.resolve(doStream(callOptions(request, settings, lifetime.signal)));
    const { stream } = await lifetime.wait(answer);
    return stream;
  } catch (error) {
    lifetime.throwIfEnded();
    throw requestError(error, failureContext);
  }
}

function callOptions(
  request: ModelRequest,
  settings: AiSdkSettings,
  abortSignal: AbortSignal,
): CallOptions {
  const { languageModel, capabilities, headers, providerOptions } = settings;
  const temperature = request.temperature ?? settings.temperature;
  const maxOutputTokens = request.maxOutputTokens ?? settings.maxOutputTokens;
  const seed = request.seed ?? settings.seed;
  // Blank ones are refused by several APIs; they are watched for here like all the others.
  const stops = (request.stop ?? []).filter((stop) => stop.trim() !== "").slice(0, maximumStops);
  return {
    prompt: toPrompt(request.messages, {
      version: languageModel.specificationVersion,
      provider: languageModel.provider,
      toolResultImages: capabilities.toolResultImages === true,
    }),
    abortSignal,
    ...(stops.length > 0 ? { stopSequences: stops } : {}),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(seed === undefined ? {} : { seed }),
    ...(request.tools?.length
      ? {
          tools: request.tools.map((tool) => ({ type: "function" as const, ...tool })),
          toolChoice: { type: "auto" },
        }
      : {}),
    ...(headers ? { headers: { ...headers } } : {}),
    ...(providerOptions ? { providerOptions: providerOptions as ProviderRecord } : {}),
  };
}

/** Streams what comes before the end of the message, and returns once that may be said. */
async function* readAnswer(
  stream: ReadableStream<unknown>,
  parts: PartReader,
  lifetime: RequestLifetime,
  context: FailureContext,
): AsyncGenerator<ModelEvent, void, undefined> {
  const reader = stream.getReader();
  try {
    while (!parts.isStopped) {
      const { done, value } = await nextPart(reader, lifetime, context);
      if (done) break;
      const part = value as StreamPart;
      if (part.type === "error") throw streamedError(part.error, context);
      for (const event of parts.push(part)) {
        yield event;
        lifetime.throwIfEnded();
      }
    }
    if (!parts.isStopped && !parts.isFinished) throw truncatedStreamError(context);
  } finally {
    // Rejects only where the stream has already failed, and that failure was seen above.
    reader.cancel().catch(() => {});
  }
}

async function nextPart(
  reader: ReadableStreamDefaultReader<unknown>,
  lifetime: RequestLifetime,
  context: FailureContext,
): Promise<ReadableStreamReadResult<unknown>> {
  try {
    return await lifetime.wait(reader.read());
  } catch (error) {
    lifetime.throwIfEnded();
    throw streamError(error, context);
  }
}
