import { describe, expect, it } from "vitest";
import { ModelError } from "../errors/model-error.js";
import type { AgentEvent } from "../events/event.js";
import { FakeExecutor, ScriptedModel } from "../testing/index.js";
import { trajectoryMessages } from "../trajectory/trajectory.js";
import { Agent } from "./agent.js";
import { code, shapeOf } from "./test-support.js";

function setUp(replies: ConstructorParameters<typeof ScriptedModel>[0]) {
  const executor = new FakeExecutor(() => 1);
  return { executor, agent: new Agent({ model: new ScriptedModel(replies), executor }) };
}

describe("Agent.stream", () => {
  it("yields the events of the run and its result", async () => {
    const { agent } = setUp([code("1"), "done"]);
    const stream = agent.stream("Go.");
    const events: AgentEvent[] = [];
    for await (const event of stream) events.push(event);
    expect(events[0]?.type).toBe("start");
    expect(events.at(-1)?.type).toBe("finish");
    expect(events.some(({ type }) => type === "message-delta")).toBe(true);
    const result = await stream.result;
    expect(result).toMatchObject({ status: "answered", output: "done" });
    expect(stream.trajectory).toBe(result.trajectory);
  });

  it("starts at once and does not wait to be read", async () => {
    const { agent } = setUp(["done"]);
    const stream = agent.stream("Go.");
    expect(await stream.result).toMatchObject({ status: "answered" });
    const events: AgentEvent[] = [];
    for await (const event of stream) events.push(event);
    // Nobody read in between, so that the deltas came together.
    expect(shapeOf(events)).toEqual([
      "start",
      "step-start",
      "message-delta",
      "message",
      "step-finish",
      "finish",
    ]);
  });

  it("aborts the run when the reader leaves", async () => {
    const { agent, executor } = setUp([
      { text: "long text", gate: new Promise(() => undefined), waitAfter: 2 },
    ]);
    const stream = agent.stream("Go.");
    for await (const event of stream) if (event.type === "message-delta") break;
    await expect(stream.result).rejects.toThrow(/reader/);
    expect(stream.trajectory.events.at(-1)).toMatchObject({ type: "finish", status: "aborted" });
    expect(executor.closed).toBe(executor.started);
  });

  it("yields the terminal event, then throws the fault", async () => {
    const fault = new ModelError("model-authentication", "no key");
    const { agent } = setUp([{ error: fault }]);
    const stream = agent.stream("Go.");
    const events: AgentEvent[] = [];
    await expect(async () => {
      for await (const event of stream) events.push(event);
    }).rejects.toBe(fault);
    expect(events.at(-1)?.type).toBe("error");
    expect(stream.trajectory.events.at(-1)?.type).toBe("error");
  });

  it("raises no unhandled rejection when its result is not read", async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", listener);
    try {
      const { agent } = setUp([{ error: new ModelError("model-authentication", "no key") }]);
      const ended = new Promise((resolve) => agent.on("error", resolve));
      agent.stream("Go.");
      await ended;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", listener);
    }
  });

  it("calls onEvent too, whose failure changes nothing", async () => {
    const { agent } = setUp(["done"]);
    const failures: unknown[] = [];
    agent.on("listener-error", ({ event }) => failures.push(event));
    const stream = agent.stream("Go.", {
      onEvent: () => {
        throw new Error("boom");
      },
    });
    expect(await stream.result).toMatchObject({ status: "answered" });
    expect(failures.length).toBeGreaterThan(0);
    expect(new Set(failures)).toEqual(new Set(["onEvent"]));
  });

  it("records a trajectory from which the conversation can be rebuilt", async () => {
    const { agent } = setUp(["", code("1"), "done", "more"]);
    const session = await agent.session();
    await session.run("Go.");
    const stream = session.stream("Again.");
    await stream.result;
    expect(trajectoryMessages(stream.trajectory)).toEqual(session.messages);
    await session.close();
  });
});
