import { Agent, type AgentEvent, tool } from "@codeact/core";
import { checkEventGrammar, ScriptedModel } from "@codeact/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { type LatenessMeter, startLatenessMeter } from "../../../scripts/machine-lateness.js";
import { PythonExecutor } from "../src/python/index.js";
import { processesWith, until } from "./start-python.js";

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
  let lateness: LatenessMeter;
  beforeAll(async () => {
    lateness = await startLatenessMeter();
  });
  afterAll(() => lateness.stop());

  const forever = new Promise<never>(() => undefined);
  const wait = tool({
    name: "wait",
    description: "Waits for ever.",
    inputSchema: z.object({}),
    execute: () => forever,
  });
  const program = [
    "import subprocess, threading, time",
    "print('working', flush=True)",
    "child = subprocess.Popen(['sleep', '987654'])",
    "wait()",
  ].join("\n");

  it.each(["start", "step-start", "message-delta", "action", "output", "tool-call"] as const)(
    "at %s leaves nothing behind within a second",
    async (type) => {
      const { agent, events } = build([code(program)], { tools: [wait] });
      const controller = new AbortController();
      let abortedAt = { timeMs: Number.NaN, latenessMs: 0 };
      agent.on("event", (event) => {
        if (event.type !== type || controller.signal.aborted) return;
        abortedAt = { timeMs: performance.now(), latenessMs: lateness.totalMs() };
        controller.abort(new Error("enough"));
      });
      await expect(agent.run("Go.", { signal: controller.signal })).rejects.toThrow("enough");
      const tookMs = performance.now() - abortedAt.timeMs;
      expect(tookMs - (lateness.totalMs() - abortedAt.latenessMs)).toBeLessThan(promisedMs);
      expect(events.at(-1)).toMatchObject({ type: "finish", status: "aborted" });
      expect(checkEventGrammar(events)).toEqual([]);
      // Killed, but the kernel may still be taking them down.
      await until(() => processesWith("987654").length === 0);
    },
  );
});
