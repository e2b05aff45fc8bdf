import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../events/event.js";
import { EventQueue } from "./event-queue.js";

const delta = (text: string, runId = "run"): AgentEvent =>
  ({ type: "message-delta", text, runId, step: 1 }) as AgentEvent;
const finish = { type: "finish", status: "answered", runId: "run" } as AgentEvent;
const never = () => Promise.reject(new Error("left early"));

async function collect(queue: EventQueue): Promise<AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of queue.iterate(never)) events.push(event);
  return events;
}

describe("EventQueue", () => {
  it("joins adjacent deltas of a run while they wait", async () => {
    const queue = new EventQueue();
    for (const text of ["a", "b", "c"]) queue.push(delta(text));
    queue.push(delta("other", "sub-run"));
    queue.push(delta("d"));
    queue.push(finish);
    queue.end();
    expect(await collect(queue)).toEqual([
      delta("abc"),
      delta("other", "sub-run"),
      delta("d"),
      finish,
    ]);
  });

  it("does not join into an event that was already read", async () => {
    const queue = new EventQueue();
    const reader = queue.iterate(never);
    queue.push(delta("a"));
    expect((await reader.next()).value).toEqual(delta("a"));
    queue.push(delta("b"));
    expect((await reader.next()).value).toEqual(delta("b"));
    queue.end();
    expect((await reader.next()).done).toBe(true);
  });

  it("wakes a waiting reader", async () => {
    const queue = new EventQueue();
    const all = collect(queue);
    await Promise.resolve();
    queue.push(finish);
    queue.end();
    expect(await all).toEqual([finish]);
  });

  it("yields everything, then throws", async () => {
    const queue = new EventQueue();
    const events: AgentEvent[] = [];
    queue.push(finish);
    queue.fail(new Error("fault"));
    await expect(async () => {
      for await (const event of queue.iterate(() => Promise.resolve())) events.push(event);
    }).rejects.toThrow("fault");
    expect(events).toEqual([finish]);
  });

  it("tells when the reader leaves early", async () => {
    const queue = new EventQueue();
    queue.push(delta("a"));
    let left = 0;
    for await (const _event of queue.iterate(async () => void left++)) break;
    expect(left).toBe(1);
  });

  it("can be iterated once", async () => {
    const queue = new EventQueue();
    queue.end();
    await collect(queue);
    await expect(collect(queue)).rejects.toMatchObject({ code: "invalid-option" });
  });
});
