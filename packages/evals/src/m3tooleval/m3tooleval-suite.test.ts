import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Model } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { PythonExecutor } from "@codeact/executors/python";
import { afterAll, describe, expect, it } from "vitest";
import { PythonHarness } from "../checkout/python-harness.js";
import type { FormatName } from "../suite/format.js";
import type { AttemptOutcome, Suite } from "../suite/task.js";
import obedientAgent from "../../test/obedient_agent.py";
import harnessSource from "./harness.py";
import { cutMessage, readMessage, withoutFence } from "./message.js";
import { m3ToolEvalSuite } from "./m3tooleval-suite.js";

const executor = new PythonExecutor();
afterAll(() => executor.close());

const fixture = fileURLToPath(new URL("../../test/m3tooleval-fixture", import.meta.url));

function attemptAt(
  suite: Suite,
  id: string,
  format: FormatName,
  model: Model,
): Promise<AttemptOutcome> {
  const task = suite.tasks.find((each) => each.id === id);
  if (task === undefined) throw new Error(`There is no task ${id}.`);
  const signal = new AbortController().signal;
  return task.attempt({
    model,
    executor,
    format,
    limits: suite.limits ?? {},
    sampling: {},
    signal,
  });
}

describe("a message of the paper's protocol", () => {
  it.each([
    ["Answer: 5", "Answer: 5"],
    ["  Thought: x Action: f, 1 End Action", "Thought: x Action: f, 1 End Action"],
    ["Action: f, 1 End Action\nObservation: 3\nAnswer: 3", "Action: f, 1 End Action"],
    ["Action: f, 1\nThought: so\nAnswer: 3", "Action: f, 1"],
    ["Answer: 3\nAnswer: 4", "Answer: 3"],
  ])("%j is cut to %j", (message, cut) => {
    expect(cutMessage(message)).toBe(cut);
  });

  it("is an action, an answer or neither", () => {
    expect(readMessage("Thought: x Action: f, 1 End Action")).toEqual({
      type: "action",
      action: "f, 1 ",
    });
    expect(readMessage("Answer:  a b ")).toEqual({ type: "answer", answer: "a b" });
    expect(readMessage("Hello")).toEqual({ type: "invalid" });
  });

  it("may have a fence around its action", () => {
    expect(withoutFence("```python\nprint(1)\n```")).toBe("print(1)");
    expect(withoutFence("print(1)")).toBe("print(1)");
  });
});

describe("M3ToolEval tasks", { timeout: 120_000 }, () => {
  it("act, err, and are judged by the checkout's own code, in one user message", async () => {
    const suite = await m3ToolEvalSuite({ checkout: fixture, executor });
    expect(suite.tasks.map(({ id }) => id)).toEqual(["shop/total", "shop/prices", "site/owner"]);
    const actions = {
      code: "Action:\nprint(sum(price('pen'), price('ink')))\nEnd Action",
      json: 'Action: {"tool": "sum", "args": [2.25, 8]} End Action',
      text: "Action: sum, 2.25, 8 End Action",
    } as const;
    for (const format of ["code", "json", "text"] as const) {
      const model = new ScriptedModel(["Hm.", actions[format], "Answer: 10.2", "Answer: 10.25"]);
      const outcome = await attemptAt(suite, "shop/total", format, model);
      expect(outcome).toMatchObject({
        success: true,
        turns: 4,
        answer: "10.25",
        expected: "10.25",
      });
      const texts = model.requests.map(({ messages }) => messages.at(-1)?.content);
      expect(model.requests[0]?.messages).toHaveLength(1);
      expect(texts[0]).toMatchObject([{ text: expect.stringContaining(`mode ${format}`) }]);
      expect(texts[1]).toMatchObject([{ text: "neither action nor answer" }]);
      expect(texts[2]).toMatchObject([{ text: "10.25" }]);
      expect(texts[3]).toMatchObject([{ text: expect.stringContaining("not correct") }]);
    }
  });

  const traps: [what: string, id: string, format: FormatName, messages: string[]][] = [
    ["a list that is written otherwise", "shop/prices", "text", ["Answer: [2.25,8.0]"]],
    [
      "a builtin that a tool hides",
      "shop/total",
      "code",
      ["Action: print(sum([2.25, 8])) End Action", "Answer: 10.25"],
    ],
    [
      "code in a fence",
      "shop/total",
      "code",
      ["Action:\n```python\nprint(price('pen'))\n```\nEnd Action", "Answer: 10.25"],
    ],
    [
      "a link with an underscore",
      "site/owner",
      "text",
      ["Action: click_url, /who_is End Action", "Answer: Ada"],
    ],
  ];
  it.each(traps)(
    "have a trap that the protocol fixed takes away: %s",
    async (_what, id, format, messages) => {
      const seen = async (protocol: "paper" | "fixed"): Promise<string> => {
        const suite = await m3ToolEvalSuite({ checkout: fixture, executor, protocol });
        const model = new ScriptedModel([...messages, ...Array<string>(10).fill("Answer: ?")]);
        const { success, trajectory } = await attemptAt(suite, id, format, model);
        const observed = trajectory.events.flatMap((event) =>
          event.type === "observation" && event.actionId !== undefined ? [event.text] : [],
        );
        return `${success} ${/Error|not found/.test(observed.join("\n"))}`;
      };
      const isJudged = id === "shop/prices";
      expect(await seen("paper")).toBe(isJudged ? "false false" : "true true");
      expect(await seen("fixed")).toBe("true false");
    },
  );

  it("mark actions that failed, in the checkout's own words", async () => {
    const suite = await m3ToolEvalSuite({ checkout: fixture, executor });
    const model = new ScriptedModel([
      "Action: cost, pen End Action",
      "Action: price, paper End Action",
      "Action: price, pen End Action",
      "Answer: 10.25",
    ]);
    const { trajectory } = await attemptAt(suite, "shop/total", "text", model);
    const seen = trajectory.events.flatMap((event) =>
      event.type === "observation" && event.actionId !== undefined
        ? [[event.status, event.text.trim()]]
        : [],
    );
    expect(seen).toEqual([
      ["error", "There is no cost."],
      ["error", "price failed."],
      ["ok", "2.25"],
    ]);
    const told = model.requests.map(({ messages }) => messages.at(-1)?.content);
    expect(told[2]).toMatchObject([{ text: "price failed." }]);
  });

  it("survive code that ends their interpreter, with their tools", async () => {
    const suite = await m3ToolEvalSuite({ checkout: fixture, executor });
    const model = new ScriptedModel([
      "Action: import os; os._exit(1) End Action",
      "Action: print(price('pen')) End Action",
      "Action: import os; os._exit(1) End Action",
      "Answer: 1",
      "Answer: 10.25",
    ]);
    const { success, turns, trajectory } = await attemptAt(suite, "shop/total", "code", model);
    const statuses = trajectory.events.flatMap((event) =>
      event.type === "observation" && event.actionId !== undefined ? [event.status] : [],
    );
    expect({ success, turns, statuses }).toEqual({
      success: true,
      turns: 5,
      statuses: ["crashed", "ok", "crashed"],
    });
  });

  it("are judged where the model's code neither reads the answer nor changes the judge", async () => {
    const suite = await m3ToolEvalSuite({ checkout: fixture, executor });
    const cheat = `import sys
module = sys.modules["codeact_m3tooleval"]
print("expected:", module.harness.task.expected_output)
for each in (module.Harness, module.Judge, type(module.harness.task)):
    each.check = each.check_answer = lambda *_: True`;
    const model = new ScriptedModel([
      `Action:\n${cheat}\nEnd Action`,
      ...Array<string>(9).fill("Answer: 7"),
    ]);
    const { success, trajectory } = await attemptAt(suite, "shop/total", "code", model);
    const seen = trajectory.events.find(
      (event) => event.type === "observation" && event.actionId !== undefined,
    );
    expect(seen).toMatchObject({ status: "ok", text: expect.stringContaining("expected: None") });
    expect(success).toBe(false);
  });

  it("are refused where there are none", async () => {
    await expect(m3ToolEvalSuite({ checkout: "/no/such/folder", executor })).rejects.toMatchObject({
      code: "invalid-option",
    });
  });
});

const upstream = process.env["CODEACT_UPSTREAM"] ?? "";
const hasUpstream = upstream !== "" && existsSync(upstream);
if (!hasUpstream) {
  console.warn("SKIPPED: CODEACT_UPSTREAM names no checkout of github.com/xingyaoww/code-act.");
}

describe.skipIf(!hasUpstream)("the upstream checkout", { timeout: 600_000 }, () => {
  it.each(["paper", "fixed"] as const)(
    "accepts its own expected answers, by %s",
    async (protocol) => {
      const suite = await m3ToolEvalSuite({ checkout: upstream, executor, protocol });
      expect(suite.tasks).toHaveLength(82);
      const unsolved: string[] = [];
      for (const task of suite.tasks) {
        const model = task.oracle?.("text");
        if (model === undefined) throw new Error(`${task.id} has no oracle.`);
        if (!(await attemptAt(suite, task.id, "text", model)).success) unsolved.push(task.id);
      }
      expect(unsolved).toEqual([]);
    },
  );

  // The paper's traps: amounts are asked for as xx.xx but judged unrounded, and dead links.
  it.each([
    ["paper", 72],
    ["fixed", 82],
  ] as const)(
    "lets an agent that follows links and formats reach, by %s, %d",
    async (protocol, reached) => {
      const folder = path.join(upstream, "scripts", "eval", "m3tooleval");
      const python = await executor.start();
      try {
        const agent = await PythonHarness.load(python, {
          name: "codeact_m3tooleval",
          source: `${harnessSource}\n${obedientAgent}`,
          about: "The obedient agent",
        });
        expect(await agent.call("solved", folder, protocol === "fixed")).toBe(reached);
      } finally {
        await python.close();
      }
    },
  );
});
