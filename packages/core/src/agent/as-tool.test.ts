import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { AgentEvent } from "../events/event.js";
import { FakeExecutor, ScriptedModel } from "../testing/index.js";
import { Agent } from "./agent.js";
import { code, eventsOf } from "./test-support.js";

const usage = { inputTokens: 10, outputTokens: 5 };

function subAgent(replies: ConstructorParameters<typeof ScriptedModel>[0], limits = {}) {
  return new Agent({
    name: "counter",
    description: "Counts things.",
    model: new ScriptedModel(replies, { usage }),
    executor: new FakeExecutor(() => 1),
    outputSchema: z.number(),
    limits,
  });
}

function mainAgent(sub: Agent<number>, options = {}) {
  const executor = new FakeExecutor((_code, { call }) => call("counter", { task: "Count." }));
  return new Agent({
    name: "main",
    model: new ScriptedModel([code("counter('Count.')"), "done"], { usage }),
    executor,
    tools: [sub.asTool()],
    ...options,
  });
}

describe("Agent.asTool", () => {
  it("runs the sub-agent inside the call and returns its typed answer", async () => {
    const sub = subAgent([code("1"), "7"]);
    const agent = mainAgent(sub);
    const stream = agent.stream("Go.");
    const events: AgentEvent[] = [];
    for await (const event of stream) events.push(event);
    const call = events.findIndex(({ type }) => type === "tool-call");
    const result = events.findIndex(({ type }) => type === "tool-result");
    expect(events[result]).toMatchObject({ name: "counter", value: 7 });
    const inside = events.slice(call + 1, result);
    const [root] = events;
    expect(inside.length).toBeGreaterThan(5);
    for (const event of inside) {
      expect(event).toMatchObject({
        depth: 1,
        rootRunId: root?.runId,
        parentRunId: root?.runId,
        parentToolCallId: "call_1",
      });
      expect(event.runId).not.toBe(root?.runId);
    }
    expect(inside[0]).toMatchObject({ type: "start", agent: { name: "counter" } });
    expect(inside.at(-1)).toMatchObject({ type: "finish", output: 7 });
    expect((await stream.result).usage).toMatchObject({ inputTokens: 40, requests: 4 });
  });

  it("keeps the events of the sub-agent off the listeners of the caller", async () => {
    const sub = subAgent(["7"]);
    const agent = mainAgent(sub);
    const [own, inner] = [eventsOf(agent), eventsOf(sub)];
    await agent.run("Go.");
    expect(new Set(own.map(({ depth }) => depth))).toEqual(new Set([0]));
    expect(new Set(inner.map(({ depth }) => depth))).toEqual(new Set([1]));
  });

  it("raises in the caller's code when the sub-agent does not answer", async () => {
    const agent = mainAgent(subAgent([code("1")], { steps: 1 }));
    const events = eventsOf(agent);
    await agent.run("Go.");
    expect(events.find(({ type }) => type === "tool-result")).toMatchObject({
      error: { type: "ToolError", message: expect.stringContaining("step-limit") as string },
    });
  });

  it("does not count against the clock of the calling cell", async () => {
    const gate = new Promise<void>((resolve) => setTimeout(resolve, 150));
    const agent = mainAgent(subAgent([{ text: "7", gate }]), { limits: { cellTimeoutMs: 60 } });
    const events = eventsOf(agent);
    await agent.run("Go.");
    expect(events.find(({ type }) => type === "observation")).toMatchObject({ status: "ok" });
  });

  it("ends with its caller", async () => {
    const sub = subAgent([{ text: "7", gate: new Promise(() => undefined) }]);
    const inner = eventsOf(sub);
    const agent = mainAgent(sub);
    const controller = new AbortController();
    sub.once("step-start", () => controller.abort(new Error("enough")));
    await expect(agent.run("Go.", { signal: controller.signal })).rejects.toThrow("enough");
    expect(inner.at(-1)).toMatchObject({ type: "finish", status: "aborted" });
  });

  it("cannot escape the token limit of its caller", async () => {
    const sub = new Agent({
      name: "counter",
      description: "Counts things.",
      model: new ScriptedModel(["7"]),
      executor: new FakeExecutor(() => 1),
    });
    const executor = new FakeExecutor((_code, { call }) => call("counter", { task: "Count." }));
    const agent = new Agent({
      name: "main",
      model: new ScriptedModel([code("counter('Count.')"), "done"], { usage }),
      executor,
      tools: [sub.asTool()],
      limits: { tokens: 1000 },
    });
    const stream = agent.stream("Go.");
    await stream.result;
    expect(stream.trajectory.events).toContainEqual(
      expect.objectContaining({ type: "error", depth: 1 }),
    );
    expect(stream.trajectory.events).toContainEqual(
      expect.objectContaining({
        type: "tool-result",
        error: expect.objectContaining({ message: expect.stringContaining("limits.tokens") }),
      }),
    );
  });

  it("spends the tokens of its caller", async () => {
    const agent = mainAgent(subAgent([code("1"), code("1"), "7"]), { limits: { tokens: 40 } });
    const stream = agent.stream("Go.");
    expect(await stream.result).toMatchObject({ status: "token-limit" });
    expect(stream.trajectory.events).toContainEqual(
      expect.objectContaining({ type: "finish", depth: 1, status: "token-limit" }),
    );
  });

  it("needs a description", () => {
    const sub = new Agent({ model: new ScriptedModel([]), executor: new FakeExecutor([]) });
    expect(() => sub.asTool()).toThrowError(
      expect.objectContaining({ code: "invalid-tool" }) as Error,
    );
  });
});
