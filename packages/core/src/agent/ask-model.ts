import type { MessageReader } from "../action-format/contract.js";
import { watchAbort } from "../async/abort.js";
import { CodeActError } from "../errors/codeact-error.js";
import { ModelError } from "../errors/model-error.js";
import type { AssistantMessage, ToolCallPart } from "../model/message.js";
import type { FinishReason, Model, ModelEvent, ModelRequest } from "../model/model.js";
import type { Usage } from "../model/usage.js";
import { type RetryOptions, waitForRetry } from "./retry.js";
import type { RunScope } from "./run-scope.js";

/** A whole answer of the model. */
export interface ModelReply {
  /** The parts as they came, adjacent pieces joined. */
  content: AssistantMessage["content"];
  toolCalls: ToolCallPart[];
  finishReason: FinishReason;
  usage: Usage | undefined;
}

/** What asking needs. */
export interface AskOptions {
  scope: RunScope;
  step: number;
  model: Model;
  request: ModelRequest;
  retry: Required<RetryOptions>;
  reader: MessageReader;
}

/**
 * Asks the model, emits what it streams, gives the text to the reader, and counts every attempt.
 * A failed attempt is tried again only while nothing of an answer has come.
 */
export async function askModel(options: AskOptions): Promise<ModelReply> {
  const { scope, retry } = options;
  for (let attempt = 1; ; attempt++) {
    // What is not sent is not counted.
    scope.signal.throwIfAborted();
    const progress = { started: false };
    try {
      const reply = await receive(options, progress);
      scope.countUsage(reply.usage);
      return reply;
    } catch (error) {
      scope.countUsage(undefined);
      scope.signal.throwIfAborted();
      if (progress.started) throw asModelError(error, options.model);
      await waitForRetry(asModelError(error, options.model), attempt, retry, scope.signal);
    }
  }
}

/**
 * The reply without native tool calls, for formats that declared no tools. Models invent such
 * calls all the same; nobody would answer them, and an API refuses a conversation with open ones.
 */
export function withoutToolCalls(reply: ModelReply): ModelReply {
  const content = reply.content.filter(({ type }) => type !== "tool-call");
  return { ...reply, content, toolCalls: [] };
}

async function receive(
  { scope, step, model, request, reader }: AskOptions,
  progress: { started: boolean },
): Promise<ModelReply> {
  const reply: ModelReply = {
    content: [],
    toolCalls: [],
    finishReason: "other",
    usage: undefined,
  };
  const events = model.generate({ ...request, signal: scope.signal })[Symbol.asyncIterator]();
  const abort = watchAbort(scope.signal);
  let finished = false;
  try {
    for (;;) {
      const next = await Promise.race([events.next(), abort.rejected]);
      if (next.done) break;
      if (finished) throw protocolError(model, "sent an event after its finish event");
      progress.started = true;
      finished = take(next.value, reply);
      if (next.value.type === "text" && next.value.text !== "") {
        reader.push(next.value.text);
        scope.emit({ type: "message-delta", step, text: next.value.text });
      } else if (next.value.type === "reasoning" && next.value.text !== "") {
        scope.emit({ type: "reasoning-delta", step, text: next.value.text });
      }
    }
  } catch (error) {
    // Not awaited: a generator that ignores the signal would hold the run up.
    events.return?.().then(undefined, () => undefined);
    throw error;
  } finally {
    abort.release();
  }
  if (!finished) throw protocolError(model, "ended without a finish event");
  return reply;
}

/** Adds an event to the reply; tells whether it was the last. */
function take(event: ModelEvent, reply: ModelReply): boolean {
  switch (event.type) {
    case "text":
    case "reasoning": {
      const last = reply.content.at(-1);
      if (last?.type === event.type && last.providerData === undefined) {
        last.text += event.text;
        if (event.providerData !== undefined) last.providerData = event.providerData;
      } else {
        reply.content.push({ ...event });
      }
      return false;
    }
    case "tool-call": {
      reply.content.push({ ...event });
      reply.toolCalls.push({ ...event });
      return false;
    }
    case "finish": {
      reply.finishReason = event.reason;
      reply.usage = event.usage;
      return true;
    }
    default:
      throw new TypeError(`Unknown model event: ${JSON.stringify(event satisfies never)}`);
  }
}

function protocolError(model: Model, what: string): ModelError {
  return new ModelError(
    "model-invalid-response",
    `The model "${model.id}" ${what}. Its generate() must yield exactly one finish event, last.`,
  );
}

/** Errors of this library keep their code; anything else is an adapter's fault. */
function asModelError(error: unknown, model: Model): CodeActError {
  if (CodeActError.isInstance(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new ModelError("model-invalid-response", `The model "${model.id}" failed: ${text}`, {
    cause: error,
    retryable: false,
  });
}
