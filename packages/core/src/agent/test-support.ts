import { type AgentEvent, isDurable } from "../events/event.js";
import type { Agent } from "./agent.js";

/** A model message with a code action. */
export function code(source: string): string {
  return `I act.\n<execute>\n${source}\n</execute>`;
}

/** Collects the events of all runs of an agent; without the transient ones by default. */
export function eventsOf<TOutput, TContext>(
  agent: Agent<TOutput, TContext>,
  { transient = false } = {},
): AgentEvent[] {
  const events: AgentEvent[] = [];
  agent.on("event", (event) => {
    if (transient || isDurable(event)) events.push(event);
  });
  return events;
}

/** The kinds of events, in order. */
export function shapeOf(events: readonly AgentEvent[]): AgentEvent["type"][] {
  return events.map(({ type }) => type);
}
