import type { AgentEmitter } from "../events/agent-emitter.js";
import { type AgentEvent, isDurable } from "../events/event.js";

/** What can be recorded: an agent, for all its runs, or the stream of one run. */
export type RecordableSource = Pick<AgentEmitter, "on" | "off"> | AsyncIterable<AgentEvent>;

/** The events of one or several runs, for assertions; made by {@link recordEvents}. */
export class RecordedEvents {
  /** In the order of delivery. */
  readonly events: AgentEvent[] = [];
  #done: Promise<void> = Promise.resolve();
  #stop = () => {};

  constructor(source?: RecordableSource) {
    if (!source) return;
    if (Symbol.asyncIterator in source) {
      this.#done = this.#read(source);
      // Who wants to know awaits `done`; nobody has to.
      this.#done.catch(() => undefined);
    } else {
      source.on("event", this.onEvent);
      this.#stop = () => void source.off("event", this.onEvent);
    }
  }

  /** Takes one event: pass it as `onEvent` of a run where there is neither agent nor stream. */
  readonly onEvent = (event: AgentEvent): void => {
    this.events.push(event);
  };

  /** Settles when a recorded stream has ended, and rejects as its iteration does. */
  get done(): Promise<void> {
    return this.#done;
  }

  /** Takes no more events from an agent. */
  stop(): void {
    this.#stop();
  }

  /** The types in order. Adjacent transient ones of a type count once: chunks do not matter. */
  types(): AgentEvent["type"][] {
    return this.events
      .filter((event, index) => isDurable(event) || this.events[index - 1]?.type !== event.type)
      .map((event) => event.type);
  }

  /** The events of one type. */
  of<TType extends AgentEvent["type"]>(type: TType): Extract<AgentEvent, { type: TType }>[] {
    return this.events.filter(
      (event): event is Extract<AgentEvent, { type: TType }> => event.type === type,
    );
  }

  /** The events of one run, sub-agents apart. */
  ofRun(runId: string): AgentEvent[] {
    return this.events.filter((event) => event.runId === runId);
  }

  /**
   * Copies that are the same in every run of a test: ids of runs and sessions are numbered in
   * order of appearance, times are empty, durations are 0, and transient events are left out.
   */
  normalised(): AgentEvent[] {
    const run = numbered("run");
    const session = numbered("session");
    return structuredClone(this.events.filter(isDurable)).map((event) => ({
      ...event,
      runId: run(event.runId),
      rootRunId: run(event.rootRunId),
      sessionId: session(event.sessionId),
      time: "",
      ...("durationMs" in event ? { durationMs: 0 } : {}),
    }));
  }

  async #read(stream: AsyncIterable<AgentEvent>): Promise<void> {
    for await (const event of stream) this.onEvent(event);
  }
}

/**
 * Collects the events of an agent, of a stream, or, without a source, those given to its
 * `onEvent`.
 *
 * @example
 * ```ts
 * const recorded = recordEvents(agent);
 * await agent.run("What is 6 × 7?");
 * expect(recorded.of("action")).toHaveLength(1);
 * expect(checkEventGrammar(recorded.events)).toEqual([]);
 * ```
 */
export function recordEvents(source?: RecordableSource): RecordedEvents {
  return new RecordedEvents(source);
}

function numbered(prefix: string): (id: string) => string {
  const numbers = new Map<string, number>();
  return (id) => {
    const number = numbers.get(id) ?? numbers.size + 1;
    numbers.set(id, number);
    return `${prefix}-${number}`;
  };
}
