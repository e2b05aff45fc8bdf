import { describe, expect, it } from "vitest";
import * as z from "zod";
import { jsonFormat } from "../action-format/json-format.js";
import { messageText } from "../model/message.js";
import { FakeExecutor, ScriptedModel } from "../testing/index.js";
import { tool } from "../tool/tool.js";
import { Agent } from "./agent.js";
import type { ApprovalRequest } from "./options.js";
import { code, eventsOf, shapeOf } from "./test-support.js";

const pay = tool({
  name: "pay",
  description: "Pays.",
  inputSchema: z.object({ amount: z.number() }),
  needsApproval: true,
  execute: ({ amount }) => `paid ${amount}`,
});

describe("approval of actions", () => {
  it("is asked before each, and a denial is read by the model", async () => {
    const model = new ScriptedModel([code("rm()"), code("ls()"), "done"]);
    const executor = new FakeExecutor(() => 1);
    const agent = new Agent({
      model,
      executor,
      approve: (request) =>
        request.type === "action" &&
        request.action.type === "code" &&
        /rm/.test(request.action.code)
          ? { decision: "deny", reason: "Nothing may be removed." }
          : { decision: "allow" },
    });
    const events = eventsOf(agent);
    await agent.run("Go.");
    expect(executor.executed).toEqual(["ls()"]);
    expect(events.filter(({ type }) => type === "observation")).toMatchObject([
      { status: "denied" },
      { status: "ok" },
    ]);
    const seen = model.requests[1]?.messages.at(-1);
    expect(seen && messageText(seen)).toContain("Nothing may be removed.");
    expect(shapeOf(events).slice(2, 7)).toEqual([
      "message",
      "action",
      "approval-request",
      "approval-result",
      "observation",
    ]);
  });

  it("runs the edited code and tells the model", async () => {
    const model = new ScriptedModel([code("big()"), "done"]);
    const executor = new FakeExecutor(() => 1);
    const agent = new Agent({
      model,
      executor,
      approve: () => ({ decision: "edit", code: "small()" }),
    });
    const events = eventsOf(agent);
    await agent.run("Go.");
    expect(executor.executed).toEqual(["small()"]);
    expect(events.find(({ type }) => type === "approval-result")).toMatchObject({
      decision: "edit",
      action: { type: "code", code: "small()" },
    });
    const seen = model.requests[1]?.messages.at(-1);
    expect(seen && messageText(seen)).toContain("small()");
  });

  it("refuses a decision that makes no sense", async () => {
    const agent = new Agent({
      model: new ScriptedModel([code("x")]),
      executor: new FakeExecutor(() => 1),
      approve: () => "yes" as never,
    });
    await expect(agent.run("Go.")).rejects.toMatchObject({ code: "callback" });
  });
});

describe("approval of a call action", () => {
  it("runs the call with the edited input, which events show as JSON", async () => {
    const reply = '{"tool": "pay", "args": {"amount": 1e999}}';
    const model = new ScriptedModel([reply, '{"tool": "final_answer", "args": {"value": "ok"}}']);
    const agent = new Agent({
      model,
      actionFormat: jsonFormat(),
      tools: [{ ...pay, needsApproval: false }],
      approve: (request) =>
        request.type === "action" && request.action.type === "call" && request.action.name === "pay"
          ? { decision: "edit", input: { amount: 4 } }
          : { decision: "allow" },
    });
    const events = eventsOf(agent);
    await agent.run("Pay.");
    expect(events.find(({ type }) => type === "tool-result")).toMatchObject({ value: "paid 4" });
    expect(events.find(({ type }) => type === "approval-result")).toMatchObject({
      action: { type: "call", name: "pay", arguments: { amount: 4 } },
    });
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  });
});

describe("approval of tool calls", () => {
  it("is asked inside the running cell, whose clock stands meanwhile", async () => {
    const requests: ApprovalRequest[] = [];
    const executor = new FakeExecutor([
      (_code, { call }) => call("pay", { amount: 5 }),
      (_code, { call }) => call("pay", { amount: 1000 }),
    ]);
    const model = new ScriptedModel([code("pay(5)"), code("pay(1000)"), "done"]);
    const agent = new Agent({
      model,
      executor,
      tools: [pay],
      limits: { cellTimeoutMs: 60 },
      approve: async (request) => {
        if (request.type === "action") return { decision: "allow" };
        requests.push(request);
        await new Promise((resolve) => setTimeout(resolve, 150));
        return (request.input as { amount: number }).amount > 100
          ? { decision: "deny", reason: "Too much." }
          : { decision: "edit", input: { amount: 4 } };
      },
    });
    const events = eventsOf(agent);
    await agent.run("Pay.");
    expect(requests).toMatchObject([{ name: "pay", toolCallId: "call_1" }, { name: "pay" }]);
    expect(events.filter(({ type }) => type === "tool-result")).toMatchObject([
      { value: "paid 4" },
      { error: { type: "ToolError", message: expect.stringContaining("Too much.") as string } },
    ]);
    expect(events.filter(({ type }) => type === "observation")).toMatchObject([
      { status: "ok" },
      { status: "error" },
    ]);
  });

  it("records nothing but JSON, whatever the callback returns", async () => {
    const reviewer: { self?: unknown } = {};
    reviewer.self = reviewer;
    const agent = new Agent({
      model: new ScriptedModel([code("pay(5)"), "done"]),
      executor: new FakeExecutor([(_code, { call }) => call("pay", { amount: 5 })]),
      tools: [pay],
      approve: ({ type }) =>
        type === "action"
          ? ({ decision: "allow", reviewer } as never)
          : ({ decision: "edit", input: { amount: 4, at: new Date(0) }, reviewer } as never),
    });
    const events = eventsOf(agent);
    await agent.run("Pay.");
    const results = events.filter(({ type }) => type === "approval-result");
    expect(results).toMatchObject([
      { decision: "allow" },
      { decision: "edit", input: { amount: 4, at: "1970-01-01T00:00:00.000Z" } },
    ]);
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  });

  it("refuses an edited input that cannot be sent", async () => {
    const input: { self?: unknown } = {};
    input.self = input;
    const agent = new Agent({
      model: new ScriptedModel([code("pay(5)")]),
      executor: new FakeExecutor([(_code, { call }) => call("pay", { amount: 5 })]),
      tools: [pay],
      approve: ({ type }) =>
        type === "action" ? { decision: "allow" } : ({ decision: "edit", input } as never),
    });
    await expect(agent.run("Pay.")).rejects.toMatchObject({
      code: "callback",
      message: expect.stringContaining("contains itself") as string,
    });
  });

  it("ends the run when the callback throws", async () => {
    const executor = new FakeExecutor([(_code, { call }) => call("pay", { amount: 5 })]);
    const agent = new Agent({
      model: new ScriptedModel([code("pay(5)")]),
      executor,
      tools: [pay],
      approve: (request) => {
        if (request.type === "action") return { decision: "allow" };
        throw new Error("no one is there");
      },
    });
    const events = eventsOf(agent);
    await expect(agent.run("Pay.")).rejects.toMatchObject({ code: "callback" });
    expect(shapeOf(events).slice(-7)).toEqual([
      "tool-call",
      "approval-request",
      "approval-result",
      "tool-result",
      "observation",
      "step-finish",
      "error",
    ]);
  });
});
