import type { Model, ModelEvent, ModelRequest } from "@codeact/core";

/** A request that says one thing. */
export function ask(text = "Hello", more: Partial<ModelRequest> = {}): ModelRequest {
  return { messages: [{ role: "user", content: [{ type: "text", text }] }], ...more };
}

/** All events of one request. */
export async function collect(model: Model, request: ModelRequest = ask()): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of model.generate(request)) events.push(event);
  return events;
}

/** The text that the events stream. */
export function textOf(events: readonly ModelEvent[]): string {
  return events.map((event) => (event.type === "text" ? event.text : "")).join("");
}

/** The rejection of a promise; fails when there is none. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    () => ({ rejected: false, reason: undefined }),
    (reason: unknown) => ({ rejected: true, reason }),
  );
  if (!outcome.rejected) throw new Error("The promise was expected to reject.");
  return outcome.reason;
}
