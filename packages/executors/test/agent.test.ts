import { getEventListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Agent, type AgentEvent, tool } from "@codeact/core";
import { checkEventGrammar, ScriptedModel } from "@codeact/core/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { type LatenessMeter, startLatenessMeter } from "../../../scripts/machine-lateness.js";
import { watchTimers } from "../../../scripts/pending-timers.js";
import { PythonExecutor } from "../src/python/index.js";
import { descendantsOf } from "../src/python/process-tree.js";
import { isAlive } from "./start-python.js";

const code = (source: string) => `I act.\n<execute>\n${source}\n</execute>`;
const executor = new PythonExecutor();
afterAll(() => executor.close());

const price = tool({
  name: "price",
  description: "Price of a thing.",
  inputSchema: z.object({ item: z.enum(["apple", "pear"]), count: z.int().default(1) }),
  outputSchema: z.object({ euros: z.number() }),
  execute: ({ item, count }) => ({ euros: (item === "apple" ? 2 : 3) * count }),
});

function build(replies: string[], options: Partial<ConstructorParameters<typeof Agent>[0]> = {}) {
  const model = new ScriptedModel(replies);
  const events: AgentEvent[] = [];
  const agent = new Agent({ model, executor, tools: [price], ...options } as never);
  agent.on("event", (event) => events.push(event));
  return { agent, model, events };
}

function observations(events: readonly AgentEvent[]) {
  return events.filter((event) => event.type === "observation");
}

describe("an agent with real Python", () => {
  it("repairs an error from its trimmed traceback, and calls tools in a loop", async () => {
    const { agent, model, events } = build(
      [
        code("total = 0\nfor item in ['apple', 'plum']:\n    total += price(item)['euros']"),
        code("total = sum(price(item, 2)['euros'] for item in ['apple', 'pear'])\ntotal"),
        code("final_answer({'total': total})"),
      ],
      { outputSchema: z.object({ total: z.number() }) },
    );
    expect(await agent.run("What do they cost?")).toMatchObject({
      status: "answered",
      output: { total: 10 },
    });
    expect(observations(events)).toMatchObject([
      { status: "error", error: { frames: [{ cell: 1, line: 3, function: "<module>" }] } },
      { status: "ok", outputs: [{ type: "display", data: { "text/plain": "10" } }] },
      { status: "ok" },
    ]);
    const acts = events.filter(({ type }) => type === "action" || type === "observation");
    expect(acts.map((event) => (event.type === "observation" ? event.status : event.type))).toEqual(
      ["action", "error", "action", "ok", "action", "ok"],
    );
    const shown = JSON.stringify(model.requests[1]?.messages.at(-1));
    expect(shown).toContain("total += price(item)['euros']");
    expect(shown).not.toContain("codeact_runtime");
    expect(checkEventGrammar(events)).toEqual([]);
  });

  it("answers with str() of any value when there is no schema", async () => {
    const { agent } = build([code("final_answer({1: 2.0, 'a': {3}})")]);
    expect(await agent.run("?")).toMatchObject({ output: "{1: 2.0, 'a': {3}}" });
  });

  it("raises a bad final answer in the cell, where the code can repair it", async () => {
    const { agent } = build(
      [
        code(
          "try:\n    final_answer('many')\nexcept ValueError as error:\n    print(error)\n    final_answer(7)",
        ),
      ],
      { outputSchema: z.int() },
    );
    expect(await agent.run("?")).toMatchObject({ status: "answered", output: 7, steps: 1 });
  });

  it("sees a final answer although the code swallows what ends the cell", async () => {
    const { agent } = build([code("try:\n    final_answer('yes')\nexcept:\n    pass\n1 / 0")]);
    expect(await agent.run("?")).toMatchObject({ status: "answered", output: "yes" });
  });

  it("makes 1,000 calls in a row and 100 at once", { timeout: 60_000 }, async () => {
    const { agent, events } = build([
      code("sum(price('apple')['euros'] for _ in range(1000))"),
      code("sum(each['euros'] for each in price.map(['pear'] * 100))"),
      "done",
    ]);
    await agent.run("Count.");
    expect(observations(events)).toMatchObject([
      { outputs: [{ data: { "text/plain": "2000" } }] },
      { outputs: [{ data: { "text/plain": "300" } }] },
    ]);
    expect(events.filter(({ type }) => type === "tool-result")).toHaveLength(1100);
    expect(checkEventGrammar(events)).toEqual([]);
  });

  it("keeps variables over the runs of a session, and tells when they are lost", async () => {
    const { agent, model } = build([
      code("x = 5"),
      "set",
      code("import os\nos._exit(3)"),
      code("x"),
      "gone",
    ]);
    const session = await agent.session();
    await session.run("Set it.");
    await session.run("Break it.");
    await session.close();
    const [, , , afterCrash, afterName] = model.requests;
    expect(JSON.stringify(afterCrash?.messages.at(-1))).toMatch(/variables.*gone/);
    expect(JSON.stringify(afterName?.messages.at(-1))).toContain("NameError");
  });
});

describe("aborting an agent with real Python", () => {
  const promisedMs = 1000;
  const forever = new Promise<never>(() => undefined);
  const slow = { inputSchema: z.object({}), timeoutMs: 60_000, execute: () => forever };
  const tools = [
    tool({ name: "wait", description: "Waits for ever.", ...slow }),
    tool({ name: "pay", description: "Waits for approval.", needsApproval: true, ...slow }),
  ];
  // One child in the process group of its parent, and one that has left it.
  const startProcesses = [
    "import os, subprocess",
    "sleep = ['sleep', '987654']",
    "children = [subprocess.Popen(sleep, start_new_session=new) for new in (False, True)]",
    "print(os.getpid(), *[child.pid for child in children], flush=True)",
  ].join("\n");

  interface Point {
    name: string;
    /** Python starts in the first step; in the second one its processes are there. */
    step?: 1 | 2;
    at: AgentEvent["type"];
    /** How long after that event. @defaultValue while it is being delivered */
    afterMs?: number;
    /** What the second cell calls. @defaultValue `wait` */
    calls?: "wait" | "pay";
    /** The approval in the second step that is never given. */
    holds?: "action" | "tool-call";
  }
  const points: Point[] = [
    { name: "before the first step", step: 1, at: "start" },
    { name: "while Python starts", step: 1, at: "step-start" },
    { name: "in a message while Python starts", step: 1, at: "message-delta" },
    { name: "before the first cell", step: 1, at: "action" },
    { name: "between two steps", at: "step-start" },
    { name: "in the model's stream", at: "message-delta" },
    { name: "before a cell", at: "action" },
    { name: "in an approval of an action", at: "approval-request", afterMs: 5, holds: "action" },
    { name: "in a cell", at: "output" },
    { name: "before a tool", at: "tool-call" },
    { name: "in a tool", at: "tool-call", afterMs: 5 },
    {
      name: "in an approval of a tool call in a cell",
      at: "tool-call",
      afterMs: 5,
      calls: "pay",
      holds: "tool-call",
    },
  ];

  let lateness: LatenessMeter;
  let others: number[];
  beforeAll(async () => {
    lateness = await startLatenessMeter();
    // Another interpreter of the executor, with which its fork server stays.
    await executor.start();
    others = await descendantsOf(process.pid);
  });
  afterAll(() => lateness.stop());

  it.each(points)("$name leaves nothing behind within a second", async (point) => {
    const { step = 2, at, afterMs, calls = "wait", holds } = point;
    const { agent, events } = build([code(startProcesses), code(`print("on")\n${calls}()`)], {
      tools,
      limits: { runTimeoutMs: 60_000 },
      approve: (request) =>
        request.step === 2 && request.type === holds ? forever : { decision: "allow" },
    });
    const timers = watchTimers();
    onTestFinished(timers.stop);
    const controller = new AbortController();
    const abortedAt = { timeMs: Number.NaN, latenessMs: 0 };
    let started: number[] = [];
    let aliveAtAbort: boolean[] = [];
    const abort = () => {
      aliveAtAbort = started.map(isAlive);
      abortedAt.timeMs = performance.now();
      abortedAt.latenessMs = lateness.totalMs();
      controller.abort(new Error("enough"));
    };
    let isReached = false;
    agent.on("event", (event) => {
      if (event.type === "observation" && event.step === 1) {
        const texts = event.outputs.map((output) => (output.type === "text" ? output.text : ""));
        started = texts.join("").split(" ").map(Number);
      }
      if (isReached || event.type !== at || ("step" in event ? event.step : 1) !== step) return;
      isReached = true;
      if (afterMs === undefined) abort();
      else setTimeout(abort, afterMs);
    });
    await expect(agent.run("Go.", { signal: controller.signal })).rejects.toThrow("enough");
    expect(timers.pendingMs()).toEqual([]);
    // Killed, but the kernel may still be taking them down.
    const left = async () =>
      (await descendantsOf(process.pid)).filter((pid) => !others.includes(pid) && isAlive(pid));
    while (started.some(isAlive) || (await left()).length > 0) await delay(10);
    const tookMs = performance.now() - abortedAt.timeMs;
    expect(tookMs - (lateness.totalMs() - abortedAt.latenessMs)).toBeLessThan(promisedMs);
    // The interpreter and its two children were there, or this would show nothing.
    expect(aliveAtAbort).toEqual(step === 1 ? [] : [true, true, true]);
    expect(events.at(-1)).toMatchObject({ type: "finish", status: "aborted" });
    expect(checkEventGrammar(events)).toEqual([]);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });
});
