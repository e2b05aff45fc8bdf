import type { DurableEvent } from "../events/event.js";
import type { Message } from "../model/message.js";

/**
 * The record of one run: its durable events in order, those of its sub-agents among them (told
 * apart by `runId`). It is plain JSON.
 */
export interface Trajectory {
  /** Version of this schema. */
  version: 1;
  runId: string;
  events: DurableEvent[];
}

/** The conversation at the end of a run, as the model would meet it in the next. */
export function trajectoryMessages(trajectory: Trajectory): Message[] {
  const messages: Message[] = [];
  for (const event of trajectory.events) {
    if (event.runId !== trajectory.runId) continue;
    if (event.type === "start") messages.push(...event.messages);
    else if (event.type === "message" && event.message.content.length > 0) {
      messages.push(event.message);
    } else if (event.type === "step-finish") messages.push(...event.messages);
  }
  return messages;
}
