import { describe, expect, it } from "vitest";
import * as z from "zod";
import { CodeActError } from "../errors/codeact-error.js";
import type { ToolCallHandler } from "../executor/tool-call.js";
import { FakeExecutor, ScriptedModel } from "../testing/index.js";
import { Agent } from "./agent.js";
import { callCallback } from "./callback.js";
import type { AgentOptions } from "./options.js";
import { code, eventsOf } from "./test-support.js";

const forever = () => new Promise<never>(() => undefined);
const never = new AbortController().signal;

function agentWith(options: Partial<AgentOptions<never>>, replies = [code("x"), "An answer."]) {
  return new Agent({
    model: new ScriptedModel(replies),
    executor: new FakeExecutor((_code, { call }) => call("final_answer", { value: "found" })),
    ...(options as Partial<AgentOptions>),
  });
}

describe("callCallback", () => {
  it("gives what the callback returns or resolves to", async () => {
    expect(await callCallback("stopWhen", never, () => true)).toBe(true);
    expect(await callCallback("stopWhen", never, async () => false)).toBe(false);
  });

  it("names the callback that threw, and keeps the cause", async () => {
    const cause = new RangeError("boom");
    const failed = callCallback("stopWhen", never, () => Promise.reject(cause));
    await expect(failed).rejects.toMatchObject({ code: "callback", cause });
    await expect(failed).rejects.toThrow(/stopWhen.*boom/);
  });

  it("lets errors of this library through", async () => {
    const error = new CodeActError("unsupported", "no");
    await expect(callCallback("stopWhen", never, () => Promise.reject(error))).rejects.toBe(error);
  });

  it("does not wait for a callback once the signal has aborted", async () => {
    const controller = new AbortController();
    const called = callCallback("stopWhen", controller.signal, forever);
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(called).rejects.toBe(reason);
  });
});

describe("a callback that never returns", () => {
  const stuck = z.string().refine(forever);

  it.each<[string, Partial<AgentOptions<never>>, string[]?]>([
    ["prepareStep", { prepareStep: forever }],
    ["stopWhen", { stopWhen: forever }, [""]],
    ["approve", { approve: forever }],
    ["checkAnswer", { checkAnswer: forever }],
    ["an outputSchema for final_answer", { outputSchema: stuck as never }],
    ["an outputSchema for a text", { outputSchema: stuck as never }, ["An answer."]],
  ])("does not hold up the end of the run: %s", async (_name, options, replies) => {
    const limited = agentWith({ ...options, limits: { runTimeoutMs: 30 } }, replies);
    expect(await limited.run("Go.")).toMatchObject({ status: "time-limit" });
    const reason = new Error("enough");
    const controller = new AbortController();
    const running = agentWith(options, replies).run("Go.", { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 30);
    await expect(running).rejects.toBe(reason);
  });
});

describe("what a callback returns", () => {
  it.each<[string, Partial<AgentOptions<never>>]>([
    ["checkAnswer", { checkAnswer: () => true as never }],
    ["checkAnswer", { checkAnswer: () => "" }],
    ["checkAnswer", { checkAnswer: () => null as never }],
    ["prepareStep", { prepareStep: () => "gpt-5" as never }],
    ["prepareStep", { prepareStep: () => ({ model: "gpt-5" }) as never }],
    ["prepareStep", { prepareStep: () => ({ messages: "Hi." }) as never }],
    [
      "prepareStep",
      { prepareStep: () => ({ messages: [{ role: "user", content: "Hi." }] }) as never },
    ],
    ["stopWhen", { stopWhen: () => "yes" as never, checkAnswer: () => "Go on." }],
    ["approve", { approve: () => undefined as never }],
  ])("is checked: %s %#", async (name, options) => {
    await expect(agentWith(options).run("Go.")).rejects.toMatchObject({
      code: "callback",
      message: expect.stringContaining(name) as string,
    });
  });

  it("is a fault of the callback when the answer's schema throws", async () => {
    const outputSchema = z.string().transform(() => {
      throw new Error("boom");
    });
    for (const replies of [[code("x")], ["An answer."]]) {
      const agent = agentWith({ outputSchema: outputSchema as never }, replies);
      await expect(agent.run("Go.")).rejects.toMatchObject({
        code: "callback",
        message: expect.stringMatching(/outputSchema.*boom/) as string,
      });
    }
  });
});

describe("a tool call that comes after its action", () => {
  it("is refused and leaves no trace", async () => {
    let late: ToolCallHandler | undefined;
    const executor = new FakeExecutor(() => 1);
    const start = executor.start.bind(executor);
    executor.start = async (options) => {
      const interpreter = await start(options);
      const execute = interpreter.execute.bind(interpreter);
      interpreter.execute = (source, given) => {
        late = given?.onToolCall;
        return execute(source, given);
      };
      return interpreter;
    };
    const agent = new Agent({
      model: new ScriptedModel([code("x"), "The real answer."]),
      executor,
    });
    const events = eventsOf(agent);
    agent.once("step-finish", () => {
      const request = { id: "1", signal: never, pauseClock: () => () => undefined };
      void late?.({ ...request, name: "final_answer", input: { value: "a forged answer" } });
      void late?.({ ...request, name: "unknown", input: {} });
    });
    expect(await agent.run("Go.")).toMatchObject({ output: "The real answer." });
    expect(events.filter(({ type }) => type === "tool-call")).toEqual([]);
  });
});
