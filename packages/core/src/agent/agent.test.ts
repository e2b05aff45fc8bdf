import { describe, expect, it } from "vitest";
import * as z from "zod";
import { CodeActError } from "../errors/codeact-error.js";
import { ModelError } from "../errors/model-error.js";
import type { AgentEvent } from "../events/event.js";
import { messageText } from "../model/message.js";
import { FakeExecutor, FakePythonError, ScriptedModel } from "../testing/index.js";
import { tool } from "../tool/tool.js";
import { Agent } from "./agent.js";
import { code, eventsOf, shapeOf } from "./test-support.js";

describe("Agent.run", () => {
  it("acts, observes and answers", async () => {
    const model = new ScriptedModel([code("6 * 7"), "It is 42."]);
    const executor = new FakeExecutor([() => 42]);
    const agent = new Agent({ model, executor });
    const events = eventsOf(agent);
    const result = await agent.run("What is 6 × 7?");
    expect(result).toMatchObject({ status: "answered", output: "It is 42.", steps: 2 });
    expect(shapeOf(events)).toEqual([
      "start",
      "step-start",
      "message",
      "action",
      "observation",
      "step-finish",
      "step-start",
      "message",
      "step-finish",
      "finish",
    ]);
    expect(executor.executed).toEqual(["6 * 7"]);
    const [, second] = model.requests;
    expect(second?.messages.map(({ role }) => role)).toEqual([
      "system",
      "user",
      "assistant",
      "user",
    ]);
    const observation = second?.messages.at(-1);
    expect(observation && messageText(observation)).toContain("42");
    model.assertDone();
  });

  it("shows an error to the model, which repairs it", async () => {
    const model = new ScriptedModel([code("1 / 0"), code("1 / 1"), "done"]);
    const executor = new FakeExecutor([
      () => {
        throw new FakePythonError("ZeroDivisionError", "division by zero");
      },
      () => 1,
    ]);
    const agent = new Agent({ model, executor });
    const observations: AgentEvent[] = [];
    agent.on("observation", (event) => observations.push(event));
    await agent.run("Divide.");
    expect(observations).toMatchObject([
      { status: "error", error: { type: "ZeroDivisionError" } },
      { status: "ok" },
    ]);
    const seen = model.requests[1]?.messages.at(-1);
    expect(seen && messageText(seen)).toContain("ZeroDivisionError: division by zero");
    expect(seen && messageText(seen)).toContain("1 / 0");
  });

  it("gives tools to the code and their context to the tools", async () => {
    const add = tool({
      name: "add",
      description: "Adds.",
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      execute: ({ a, b }, { context }: { context: { offset: number } }) => a + b + context.offset,
    });
    const executor = new FakeExecutor([
      async (_code, { call }) => {
        await call("add", { a: 1, b: "two" }).catch(() => undefined);
        return call("add", { a: 1, b: 2 });
      },
    ]);
    const model = new ScriptedModel([code("add(1, 2)"), "13"]);
    const agent = new Agent({ model, executor, tools: [add] });
    const events = eventsOf(agent);
    await agent.run("Add.", { context: { offset: 10 } });
    expect(shapeOf(events)).toEqual([
      "start",
      "step-start",
      "message",
      "action",
      "tool-call",
      "tool-result",
      "tool-call",
      "tool-result",
      "observation",
      "step-finish",
      "step-start",
      "message",
      "step-finish",
      "finish",
    ]);
    expect(events.filter(({ type }) => type === "tool-result")).toMatchObject([
      { name: "add", error: { type: expect.stringMatching(/TypeError|ValueError/) as string } },
      { name: "add", value: 13 },
    ]);
  });

  it("streams what the model writes", async () => {
    const model = new ScriptedModel([{ reasoning: "think", text: "The answer." }]);
    const agent = new Agent({ model, executor: new FakeExecutor([]) });
    const events = eventsOf(agent, { transient: true });
    await agent.run("Answer.");
    const join = (type: AgentEvent["type"]) =>
      events.map((event) => (event.type === type && "text" in event ? event.text : "")).join("");
    expect(join("message-delta")).toBe("The answer.");
    expect(join("reasoning-delta")).toBe("think");
    const [message] = events.filter(({ type }) => type === "message");
    expect(message).toMatchObject({
      message: {
        content: [
          { type: "reasoning", text: "think" },
          { type: "text", text: "The answer." },
        ],
      },
    });
  });

  it("is safe to run concurrently", async () => {
    const executor = new FakeExecutor(async (source, { sleep }) => {
      await sleep(1);
      return source;
    });
    const model = new ScriptedModel(
      Array.from(
        { length: 40 },
        () =>
          ({ messages }: { messages: readonly unknown[] }) =>
            messages.length > 2 ? "done" : code("1"),
      ),
    );
    const agent = new Agent({ model, executor });
    const results = await Promise.all(Array.from({ length: 20 }, () => agent.run("Go.")));
    expect(results.every(({ status }) => status === "answered")).toBe(true);
    expect(new Set(results.map(({ runId }) => runId)).size).toBe(20);
    expect(executor.closed).toBe(20);
  });

  it("puts files into the workspace and images into the message", async () => {
    const executor = new FakeExecutor([
      async (_code, { files }) => new TextDecoder().decode(await files.read("data/a.txt")),
    ]);
    const model = new ScriptedModel([code("open('data/a.txt').read()"), "read"]);
    const agent = new Agent({ model, executor });
    await agent.run({
      text: "Read it.",
      files: { "data/a.txt": "content" },
      images: [{ mediaType: "image/png", data: new Uint8Array([1, 2, 3]) }],
    });
    const [first, second] = model.requests;
    expect(first?.messages.at(-1)).toMatchObject({
      content: [
        { text: expect.stringContaining("data/a.txt") as string },
        { type: "image", mediaType: "image/png", data: "AQID" },
      ],
    });
    expect(JSON.stringify(second?.messages.at(-1))).toContain("content");
  });
});

describe("faults", () => {
  it("emits `error` and rejects when the model fails", async () => {
    const fault = new ModelError("model-authentication", "The key was refused.");
    const model = new ScriptedModel([{ error: fault }]);
    const agent = new Agent({ model, executor: new FakeExecutor([]) });
    const events = eventsOf(agent);
    await expect(agent.run("Go.")).rejects.toBe(fault);
    expect(shapeOf(events)).toEqual(["start", "step-start", "step-finish", "error"]);
    expect(events.at(-1)).toMatchObject({ error: { code: "model-authentication" } });
  });

  it("tries a failed request again while nothing has come", async () => {
    const busy = new ModelError("model-overloaded", "busy");
    const model = new ScriptedModel([{ error: busy }, { error: busy }, "Here."], {
      usage: { inputTokens: 10, outputTokens: 1 },
    });
    const agent = new Agent({
      model,
      executor: new FakeExecutor([]),
      retry: { attempts: 3, initialDelayMs: 1 },
    });
    const result = await agent.run("Go.");
    expect(result).toMatchObject({
      status: "answered",
      usage: { inputTokens: 10, requests: 3, complete: false },
    });
  });

  it("does not try again once text has come", async () => {
    const broken = new ModelError("model-connection", "reset");
    const model = new ScriptedModel([{ text: "Some text", error: broken, errorAfter: 4 }]);
    const agent = new Agent({ model, executor: new FakeExecutor([]) });
    await expect(agent.run("Go.")).rejects.toBe(broken);
    expect(model.requests).toHaveLength(1);
  });

  it("wraps what an adapter throws", async () => {
    const model = new ScriptedModel([{ error: new RangeError("bug") }]);
    const agent = new Agent({ model, executor: new FakeExecutor([]) });
    await expect(agent.run("Go.")).rejects.toMatchObject({
      code: "model-invalid-response",
      cause: new RangeError("bug"),
    });
  });

  it.each([
    ["nothing", []],
    ["no finish", [{ type: "text" as const, text: "hi" }]],
    [
      "two finishes",
      [
        { type: "finish" as const, reason: "stop" as const },
        { type: "finish" as const, reason: "stop" as const },
      ],
    ],
  ])("refuses a model that yields %s", async (_name, events) => {
    const agent = new Agent({
      model: {
        id: "broken",
        async *generate() {
          yield* events;
        },
      },
      executor: new FakeExecutor([]),
      retry: { attempts: 1 },
    });
    await expect(agent.run("Go.")).rejects.toMatchObject({
      code: "model-invalid-response",
      message: expect.stringMatching(
        /"broken".*must yield exactly one finish event, last/,
      ) as string,
    });
  });

  it("ends the run when the interpreter cannot start, also while the model is asked", async () => {
    const startError = new CodeActError("executor-start", "No Python.");
    const model = new ScriptedModel([{ text: "…", gate: new Promise(() => undefined) }]);
    const agent = new Agent({ model, executor: new FakeExecutor([], { startError }) });
    const events = eventsOf(agent);
    await expect(agent.run("Go.")).rejects.toBe(startError);
    expect(events.at(-1)).toMatchObject({ type: "error", error: { code: "executor-start" } });
  });

  it("gives an action its observation when the executor breaks under it", async () => {
    const model = new ScriptedModel([code("x")]);
    const agent = new Agent({ model, executor: new FakeExecutor([]) });
    const events = eventsOf(agent);
    await expect(agent.run("Go.")).rejects.toMatchObject({ code: "script" });
    expect(shapeOf(events).slice(-4)).toEqual(["action", "observation", "step-finish", "error"]);
    expect(events.find(({ type }) => type === "observation")).toMatchObject({ status: "failed" });
  });

  it("goes on after the interpreter died, and says that the state is lost", async () => {
    const model = new ScriptedModel([code("x"), code("y"), "done"]);
    const executor = new FakeExecutor([(_code, { crash }) => crash("killed by SIGSEGV"), () => 2]);
    const agent = new Agent({ model, executor });
    const result = await agent.run("Go.");
    expect(result.status).toBe("answered");
    const seen = model.requests[1]?.messages.at(-1);
    expect(seen && messageText(seen)).toMatch(/SIGSEGV/);
  });

  it.each([
    ["prepareStep", { prepareStep: boom }],
    ["stopWhen", { stopWhen: boom }],
    ["checkAnswer", { checkAnswer: boom }],
    ["approve", { approve: boom }],
  ])("names the callback that threw: %s", async (name, options) => {
    const model = new ScriptedModel([code("x"), "done"]);
    const agent = new Agent({ model, executor: new FakeExecutor(() => 1), ...options });
    const events = eventsOf(agent);
    await expect(agent.run("Go.")).rejects.toMatchObject({
      code: "callback",
      message: expect.stringContaining(name) as string,
    });
    expect(events.at(-1)?.type).toBe("error");
  });
});

function boom(): never {
  throw new Error("boom");
}

describe("bad options", () => {
  const model = new ScriptedModel([]);
  const executor = new FakeExecutor([]);

  it.each([
    ["no model", { executor } as never, "invalid-option", /no model\. Give `model`/],
    ["no executor", { model }, "invalid-option", /no executor\. Give `executor`/],
    [
      "an unknown limit",
      { model, executor, limits: { maxSteps: 1 } as never },
      "invalid-option",
      /limits\.maxSteps\. What can be set is: steps,/,
    ],
    [
      "a token limit without usage",
      { model, executor, limits: { tokens: 10 } },
      "invalid-option",
      /"scripted".*Remove the limit, or set capabilities\.usage/,
    ],
    [
      "approval without a callback",
      { model, executor, tools: [echo("echo", true)] },
      "invalid-option",
      /"echo" needs approval.*Give `approve`/,
    ],
    [
      "duplicate tools",
      { model, executor, tools: [echo("echo"), echo("echo")] },
      "invalid-tool",
      /"echo"\. Rename or remove one/,
    ],
    [
      "a tool without a name",
      { model, executor, tools: [echo("")] },
      "invalid-tool",
      /no name\. Give it one/,
    ],
  ])("refuses %s, and says what to do", (_name, options, code, says) => {
    const message = expect.stringMatching(says) as string;
    expect(() => new Agent(options)).toThrowError(expect.objectContaining({ code, message }));
  });

  it.each(["", "  \n", { text: "" }, undefined as never])("refuses the task %o", async (task) => {
    const agent = new Agent({ model, executor });
    const events = eventsOf(agent);
    await expect(agent.run(task)).rejects.toMatchObject({
      code: "invalid-task",
      message: expect.stringContaining("Say in words what is to be done") as string,
    });
    expect(events).toEqual([]);
    expect(executor.started).toBe(executor.closed);
  });
});

function echo(name: string, needsApproval = false) {
  return tool({
    name,
    description: "Echoes.",
    inputSchema: z.object({ text: z.string() }),
    needsApproval,
    execute: ({ text }) => text,
  });
}
