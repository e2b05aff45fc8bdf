import type { AssistantMessage, Message } from "../../model/message.js";
import type { Model, ModelEvent, ModelRequest } from "../../model/model.js";
import { ModelError } from "../../errors/model-error.js";
import type { ModelErrorCode } from "../../errors/error-code.js";
import { check, checkEqual, settles } from "../executor-conformance/assertions.js";

/** A message of the user. */
export function says(text: string): Message {
  return { role: "user", content: [{ type: "text", text }] };
}

/** A request that says hello. */
export function hello(more: Partial<ModelRequest> = {}): ModelRequest {
  return { messages: [says("Hello")], ...more };
}

/** The events of a request that must be answered; they are checked to be a legal stream. */
export async function answer(model: Model, request = hello()): Promise<ModelEvent[]> {
  const events = await settles(collect(model, request), "the answer");
  checkLegal(events);
  return events;
}

async function collect(model: Model, request: ModelRequest): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of model.generate(request)) events.push(event);
  return events;
}

function checkLegal(events: readonly ModelEvent[]): void {
  checkEqual(
    events.flatMap((event, index) => (event.type === "finish" ? [index] : [])),
    [events.length - 1],
    "places of finish events",
  );
  checkEqual(JSON.parse(JSON.stringify(events)), events, "events as JSON");
}

/** The text of the events. */
export function textOf(events: readonly ModelEvent[]): string {
  return joined(events, "text");
}

/** The text of the reasoning events. */
export function reasoningOf(events: readonly ModelEvent[]): string {
  return joined(events, "reasoning");
}

function joined(events: readonly ModelEvent[], type: "text" | "reasoning"): string {
  return events.map((event) => (event.type === type ? event.text : "")).join("");
}

/** The last event of a legal stream. */
export function finishOf(events: readonly ModelEvent[]): ModelEvent & { type: "finish" } {
  const last = events.at(-1);
  check(last?.type === "finish", "the stream has no finish");
  return last;
}

/** What a request that must fail throws, and what it streamed before. */
export async function failureOf(
  model: Model,
  request = hello(),
): Promise<{ error: unknown; events: readonly ModelEvent[] }> {
  const events: ModelEvent[] = [];
  const read = async (): Promise<{ error: unknown } | undefined> => {
    try {
      for await (const event of model.generate(request)) events.push(event);
      return undefined;
    } catch (error) {
      return { error };
    }
  };
  const thrown = await settles(read(), "the failure");
  check(thrown !== undefined, "the request was answered, although it had to fail");
  check(!events.some((event) => event.type === "finish"), "a failed request has a finish");
  return { error: thrown.error, events };
}

/**
 * The `ModelError` that a request must throw, with one of these codes.
 * @param sent the text that the API streamed before; a connection that breaks may lose its end
 */
export async function modelErrorOf(
  model: Model,
  codes: readonly ModelErrorCode[],
  sent = "",
): Promise<ModelError> {
  const { error, events } = await failureOf(model);
  check(ModelError.isInstance(error), `expected a ModelError, got ${String(error)}`);
  check(
    codes.includes(error.code),
    `expected the code ${codes.join(" or ")}, got ${error.code}: ${error.message}`,
  );
  check(sent.startsWith(textOf(events)), `streamed ${JSON.stringify(textOf(events))}`);
  return error;
}

/** The events as the message that the agent would keep of them. */
export function messageOf(events: readonly ModelEvent[]): AssistantMessage {
  const content: AssistantMessage["content"] = [];
  for (const event of events) {
    if (event.type === "finish") continue;
    const last = content.at(-1);
    const isSamePart = last?.type === event.type && last.providerData === undefined;
    if (!isSamePart || last.type === "tool-call" || event.type === "tool-call") {
      content.push({ ...event });
      continue;
    }
    last.text += event.text;
    if (event.providerData !== undefined) last.providerData = event.providerData;
  }
  return { role: "assistant", content };
}

/** Waits until it is so, but not for ever. */
export async function until(isSo: () => boolean, what: string, limitMs = 15_000): Promise<void> {
  const start = performance.now();
  while (!isSo()) {
    check(performance.now() - start < limitMs, `${what} did not come within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
