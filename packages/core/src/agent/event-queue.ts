import { CodeActError } from "../errors/codeact-error.js";
import type { AgentEvent } from "../events/event.js";

/** Events that wait to be read. Pieces of one message are joined while they wait. */
export class EventQueue {
  #events: AgentEvent[] = [];
  #end: { error?: unknown } | undefined;
  #wake: (() => void) | undefined;
  #read = false;

  push(event: AgentEvent): void {
    const last = this.#events.at(-1);
    const joined = last && join(last, event);
    if (joined) this.#events[this.#events.length - 1] = joined;
    else this.#events.push(event);
    this.#wake?.();
  }

  end(): void {
    this.#end = {};
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#end = { error };
    this.#wake?.();
  }

  /** Yields the events in order; `leave` is called when the reader stops before the end. */
  async *iterate(leave: () => Promise<void>): AsyncGenerator<AgentEvent, void, undefined> {
    if (this.#read) {
      throw new CodeActError("invalid-option", "The events of a stream can be iterated only once.");
    }
    this.#read = true;
    let finished = false;
    try {
      for (;;) {
        const events = this.#events;
        this.#events = [];
        yield* events;
        if (this.#events.length > 0) continue;
        if (this.#end) break;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
      finished = true;
      if ("error" in this.#end) throw this.#end.error;
    } finally {
      if (!finished) await leave();
    }
  }
}

function join(last: AgentEvent, next: AgentEvent): AgentEvent | undefined {
  const isDelta = next.type === "message-delta" || next.type === "reasoning-delta";
  if (!isDelta || last.type !== next.type || last.runId !== next.runId) return undefined;
  return { ...last, text: last.text + next.text };
}
