import { describe, expect, it } from "vitest";
import { nativeToolFormat } from "../action-format/native-tool-format.js";
import { ModelError } from "../errors/model-error.js";
import { messageText } from "../model/message.js";
import { FakeExecutor, ScriptedModel } from "../testing/index.js";
import { Agent } from "./agent.js";
import { code, eventsOf } from "./test-support.js";

const executor = () => new FakeExecutor(() => 1);

describe("limits of a run", () => {
  it("ends after so many steps", async () => {
    const model = new ScriptedModel([code("1"), code("2")]);
    const agent = new Agent({ model, executor: executor(), limits: { steps: 2 } });
    const events = eventsOf(agent);
    expect(await agent.run("Go.")).toMatchObject({ status: "step-limit", steps: 2 });
    expect(events.filter(({ type }) => type === "step-finish")).toHaveLength(2);
  });

  it("ends after so much time, in the middle of a cell", async () => {
    const model = new ScriptedModel([code("while True: pass")]);
    const agent = new Agent({
      model,
      executor: new FakeExecutor((_code, { sleep }) => sleep(Number.POSITIVE_INFINITY)),
      limits: { runTimeoutMs: 20 },
    });
    const events = eventsOf(agent);
    expect(await agent.run("Go.")).toMatchObject({ status: "time-limit", steps: 1 });
    expect(events.at(-3)).toMatchObject({ type: "observation", status: "interrupted" });
  });

  it("ends before a request that would follow the last allowed token", async () => {
    const model = new ScriptedModel([code("1"), code("2")], {
      usage: { inputTokens: 60, outputTokens: 10 },
    });
    const agent = new Agent({ model, executor: executor(), limits: { tokens: 100 } });
    expect(await agent.run("Go.")).toMatchObject({
      status: "token-limit",
      steps: 2,
      usage: { inputTokens: 120, outputTokens: 20, complete: true },
    });
  });

  it("ends after so many invalid messages in a row, each of which is corrected", async () => {
    const model = new ScriptedModel(["", code("1"), " ", ""]);
    const agent = new Agent({ model, executor: executor(), limits: { invalidMessages: 2 } });
    expect(await agent.run("Go.")).toMatchObject({ status: "invalid-limit", steps: 4 });
    const correction = model.requests[1]?.messages.at(-1);
    expect(correction?.role).toBe("user");
    expect(correction && messageText(correction)).toContain("<execute>");
  });

  it("times a cell out and goes on", async () => {
    const model = new ScriptedModel([code("while True: pass"), "done"]);
    const agent = new Agent({
      model,
      executor: new FakeExecutor((_code, { sleep }) => sleep(Number.POSITIVE_INFINITY)),
      limits: { cellTimeoutMs: 20 },
    });
    const events = eventsOf(agent);
    expect(await agent.run("Go.")).toMatchObject({ status: "answered" });
    expect(events.find(({ type }) => type === "observation")).toMatchObject({
      status: "timeout",
      state: "kept",
    });
  });

  it("ends when the context is full", async () => {
    const model = new ScriptedModel([
      code("1"),
      { error: new ModelError("context-overflow", "too long") },
    ]);
    const agent = new Agent({ model, executor: executor() });
    expect(await agent.run("Go.")).toMatchObject({ status: "context-limit", steps: 2 });
  });

  it("ends when the provider refuses", async () => {
    const model = new ScriptedModel([{ text: "", finishReason: "content-filter" }]);
    const agent = new Agent({ model, executor: executor() });
    expect(await agent.run("Go.")).toMatchObject({ status: "refused" });
  });

  it("cuts long observations in the middle", async () => {
    const model = new ScriptedModel([code("print(…)"), "done"]);
    const agent = new Agent({
      model,
      executor: new FakeExecutor((_code, { print }) => print(`head${"x".repeat(5000)}tail`)),
      limits: { observationCharacters: 200 },
    });
    await agent.run("Go.");
    const text = model.requests[1]?.messages.at(-1);
    expect(text && messageText(text).length).toBeLessThan(500);
    expect(text && messageText(text)).toMatch(/head[^]*tail/);
  });
});

describe("steering a run", () => {
  it("replaces what one request sends, and the conversation stays", async () => {
    const model = new ScriptedModel([code("1"), "main"]);
    const other = new ScriptedModel(["never mind"], { id: "other" });
    const agent = new Agent({
      model,
      executor: executor(),
      prepareStep: ({ step, messages }) =>
        step === 2
          ? { model: other, messages: messages.slice(0, 2), temperature: 0.5, seed: 7 }
          : undefined,
    });
    const events = eventsOf(agent);
    const result = await agent.run("Go.");
    expect(result).toMatchObject({ output: "never mind" });
    expect(other.requests[0]).toMatchObject({ temperature: 0.5, seed: 7 });
    expect(other.requests[0]?.messages).toHaveLength(2);
    const starts = events.filter(({ type }) => type === "step-start");
    expect(starts[0]).not.toHaveProperty("messages");
    expect(starts[1]).toMatchObject({ model: "other", messages: [{}, {}] });
  });

  it("stops when it is told", async () => {
    const steps: number[] = [];
    const agent = new Agent({
      model: new ScriptedModel([code("1"), code("2")]),
      executor: executor(),
      stopWhen: ({ step, events }) => {
        steps.push(step);
        return events.filter(({ type }) => type === "observation").length >= 2;
      },
    });
    expect(await agent.run("Go.")).toMatchObject({ status: "stopped", steps: 2 });
    expect(steps).toEqual([1, 2]);
  });
});

describe("several actions in a message", () => {
  const call = (source: string) => ({ name: "execute_python", arguments: { code: source } });

  it("runs them in order and answers each call", async () => {
    const model = new ScriptedModel([{ toolCalls: [call("1"), call("2")] }, "done"]);
    const fake = executor();
    const agent = new Agent({ model, executor: fake, actionFormat: nativeToolFormat() });
    await agent.run("Go.");
    expect(fake.executed).toEqual(["1", "2"]);
    const results = model.requests[1]?.messages.flatMap((message) =>
      message.role === "tool" ? message.content.map(({ toolCallId }) => toolCallId) : [],
    );
    expect(results).toEqual(["call_0_0", "call_0_1"]);
  });

  it("answers the calls that an answer left open", async () => {
    const model = new ScriptedModel([
      { toolCalls: [call("final_answer(1)"), call("2")] },
      "second run",
    ]);
    const fake = new FakeExecutor([
      (_code, { call: tool }) => tool("final_answer", { value: "1" }),
    ]);
    const agent = new Agent({ model, executor: fake, actionFormat: nativeToolFormat() });
    const session = await agent.session();
    expect(await session.run("Go.")).toMatchObject({ status: "answered", output: "1" });
    await session.run("Again.");
    const results = model.requests[1]?.messages.flatMap((message) =>
      message.role === "tool" ? message.content.map(({ toolCallId }) => toolCallId) : [],
    );
    expect(results).toEqual(["call_0_0", "call_0_1"]);
    await session.close();
  });
});
