import { getEventListeners } from "node:events";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { type LatenessMeter, startLatenessMeter } from "../../../../scripts/machine-lateness.js";
import { watchTimers } from "../../../../scripts/pending-timers.js";
import { ModelError } from "../errors/model-error.js";
import type { AgentEvent } from "../events/event.js";
import { FakeExecutor, ScriptedModel } from "../testing/index.js";
import { tool } from "../tool/tool.js";
import { Agent } from "./agent.js";
import { code, eventsOf } from "./test-support.js";

const promisedMs = 1000;
let lateness: LatenessMeter;
beforeAll(async () => {
  lateness = await startLatenessMeter();
});
afterAll(() => lateness.stop());

const forever = new Promise<never>(() => undefined);
const slow = tool({
  name: "slow",
  description: "Never returns, and does not look at its signal.",
  inputSchema: z.object({}),
  timeoutMs: 60_000,
  execute: () => forever,
});
const guarded = tool({
  name: "guarded",
  description: "Waits for approval.",
  inputSchema: z.object({}),
  timeoutMs: 60_000,
  needsApproval: true,
  execute: () => "never called",
});

interface Point {
  name: string;
  /** The event at which the run is aborted. */
  at: AgentEvent["type"];
  /** Whether it is this one among the events of its type. @defaultValue the first */
  when?: (event: AgentEvent) => boolean;
  /** How long after it. @defaultValue while the event is being delivered */
  afterMs?: number;
  agent: () => { agent: Agent; executor: FakeExecutor; model: ScriptedModel };
}

function build(
  replies: ConstructorParameters<typeof ScriptedModel>[0],
  cell: ConstructorParameters<typeof FakeExecutor>[0],
  options: Partial<ConstructorParameters<typeof Agent>[0]> = {},
) {
  const executor = new FakeExecutor(cell, { interruptGraceMs: 500 });
  const model = new ScriptedModel(replies);
  const limits = { runTimeoutMs: 60_000 };
  const agent = new Agent({ model, executor, limits, ...options } as never) as Agent;
  return { executor, model, agent };
}

const points: Point[] = [
  {
    name: "in the model's stream",
    at: "message-delta",
    agent: () => build([{ text: "some text", gate: forever, waitAfter: 4 }], []),
  },
  {
    name: "while the model has not begun",
    at: "step-start",
    agent: () => build([{ text: "some text", gate: forever }], []),
  },
  {
    name: "before a cell",
    at: "action",
    agent: () => build([code("x")], () => 1),
  },
  {
    name: "in a cell",
    at: "output",
    agent: () =>
      build([code("sleep()")], async (_code, { print, sleep }) => {
        await print("working");
        await sleep(Number.POSITIVE_INFINITY);
      }),
  },
  {
    name: "in a cell that ignores it",
    at: "output",
    agent: () =>
      build([code("sleep()")], async (_code, { print }) => {
        await print("working");
        await forever;
      }),
  },
  {
    name: "before a tool",
    at: "tool-call",
    agent: () => build([code("slow()")], (_code, { call }) => call("slow", {}), { tools: [slow] }),
  },
  {
    name: "in a tool that ignores it",
    at: "tool-call",
    afterMs: 5,
    agent: () => build([code("slow()")], (_code, { call }) => call("slow", {}), { tools: [slow] }),
  },
  {
    name: "before an approval",
    at: "approval-request",
    agent: () => build([code("x")], () => 1, { approve: () => forever }),
  },
  {
    name: "in an approval of an action",
    at: "approval-request",
    afterMs: 5,
    agent: () => build([code("x")], () => 1, { approve: () => forever }),
  },
  {
    name: "in an approval of a tool call in a cell",
    at: "approval-request",
    when: (event) => "toolCall" in event,
    afterMs: 5,
    agent: () =>
      build([code("guarded()")], (_code, { call }) => call("guarded", {}), {
        tools: [guarded],
        approve: ({ type }) => (type === "action" ? { decision: "allow" } : forever),
      }),
  },
  {
    name: "between two steps",
    at: "step-finish",
    agent: () => build([code("x"), "never asked"], () => 1),
  },
  {
    name: "in a wait for a retry",
    at: "step-start",
    afterMs: 30,
    agent: () =>
      build([{ error: new ModelError("model-overloaded", "busy") }], [], {
        retry: { initialDelayMs: 60_000, maxDelayMs: 60_000 },
      }),
  },
];

describe("abort", () => {
  it("listens no longer after a task that was refused", async () => {
    const { agent } = build([], []);
    const { signal } = new AbortController();
    await expect(agent.run("", { signal })).rejects.toMatchObject({ code: "invalid-task" });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it.each(points)("ends the run $name", async ({ at, when, afterMs, agent: create }) => {
    const { agent, executor, model } = create();
    const events = eventsOf(agent, { transient: true });
    const controller = new AbortController();
    const reason = new Error("enough");
    const timers = watchTimers();
    onTestFinished(timers.stop);
    const abortedAt = { timeMs: Number.NaN, latenessMs: 0 };
    let pendingMs: number[] = [];
    const abort = () => {
      pendingMs = timers.pendingMs();
      abortedAt.timeMs = performance.now();
      abortedAt.latenessMs = lateness.totalMs();
      controller.abort(reason);
    };
    let isReached = false;
    agent.on("event", (event) => {
      if (isReached || event.type !== at || when?.(event) === false) return;
      isReached = true;
      if (afterMs === undefined) abort();
      else setTimeout(abort, afterMs);
    });
    await expect(agent.run("Go.", { signal: controller.signal })).rejects.toBe(reason);
    const tookMs = performance.now() - abortedAt.timeMs;
    expect(tookMs - (lateness.totalMs() - abortedAt.latenessMs)).toBeLessThan(promisedMs);
    // That of the run at least, or this would show nothing.
    expect(pendingMs).toContain(60_000);
    expect(timers.pendingMs()).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: "finish", status: "aborted" });
    const count = (type: AgentEvent["type"]) => events.filter((e) => e.type === type).length;
    expect(count("observation")).toBe(count("action"));
    expect(count("tool-result")).toBe(count("tool-call"));
    expect(count("approval-result")).toBe(count("approval-request"));
    expect(count("step-finish")).toBe(count("step-start"));
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    expect(executor.closed).toBe(executor.started);
    expect(model.openStreams).toBe(0);
  });

  it("ends a run before it begins", async () => {
    const { agent, executor, model } = build(["never asked"], []);
    const events = eventsOf(agent);
    const timers = watchTimers();
    onTestFinished(timers.stop);
    await expect(agent.run("Go.", { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    expect(timers.pendingMs()).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(["start", "finish"]);
    expect(model.requests).toEqual([]);
    expect(executor.started).toBe(executor.closed);
  });

  it("sends no request once it is known, and counts none", async () => {
    const { agent, model } = build(["never asked"], []);
    const events = eventsOf(agent);
    const controller = new AbortController();
    agent.once("step-start", () => controller.abort());
    await expect(agent.run("Go.", { signal: controller.signal })).rejects.toThrow(/abort/i);
    expect(model.requests).toEqual([]);
    expect(events.at(-1)).toMatchObject({ usage: { requests: 0, complete: true } });
  });

  it.each([null, undefined, "a text", 0])("rejects with the reason %o as it is", async (reason) => {
    const { agent } = build([{ text: "some text", gate: forever }], []);
    const controller = new AbortController();
    const running = agent.run("Go.", { signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toBe(controller.signal.reason);
  });

  it("has no effect once the run has ended", async () => {
    const { agent } = build(["done"], []);
    const controller = new AbortController();
    await agent.run("Go.", { signal: controller.signal });
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    controller.abort();
  });

  it("leaves a legal conversation, from which the session goes on", async () => {
    const { agent, model } = build(
      [code("slow()"), "fine again"],
      (_code, { call }) => call("slow", {}),
      { tools: [slow] },
    );
    const session = await agent.session();
    const controller = new AbortController();
    agent.once("tool-call", () => controller.abort(new Error("enough")));
    await expect(session.run("One.", { signal: controller.signal })).rejects.toThrow("enough");
    expect(session.messages.map(({ role }) => role)).toEqual([
      "system",
      "user",
      "assistant",
      "user",
    ]);
    expect(await session.run("Two.")).toMatchObject({ output: "fine again" });
    expect(model.requests[1]?.messages.map(({ role }) => role)).toEqual([
      "system",
      "user",
      "assistant",
      "user",
    ]);
    await session.close();
  });
});
