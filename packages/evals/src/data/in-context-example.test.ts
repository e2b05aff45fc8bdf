import { fileURLToPath } from "node:url";
import { ScriptedModel } from "@codeact/core/testing";
import { PythonExecutor } from "@codeact/executors/python";
import { afterAll, describe, expect, it } from "vitest";
import { mintSuite } from "../mint/mint-suite.js";
import type { EvalTask } from "../suite/task.js";
import { type Conversation, conversationOf } from "./conversation.js";
import { withoutExample } from "./in-context-example.js";

const executor = new PythonExecutor();
afterAll(() => executor.close());

type Turns = Conversation["conversations"];

describe("withoutExample", () => {
  it("takes rules, example and task apart", () => {
    const turns: Turns = [
      {
        role: "user",
        content:
          "Think. Use <thought>, as in <thought> A. B. </thought>.\n\nThen act.\n\n---\n\nTask:\nAn example\n\n---\n\nTask:\nMine",
      },
      { role: "assistant", content: "Assistant:\n<thought>Hm.</thought>" },
      { role: "user", content: "Observation:\n---------\n1" },
      { role: "assistant", content: "Assistant:\nDone" },
    ];
    expect(withoutExample(turns)).toEqual([
      { role: "system", content: "Think.\n\nThen act." },
      { role: "user", content: "Task:\nMine" },
      { role: "assistant", content: "<thought>Hm.</thought>" },
      { role: "user", content: "Observation:\n---------\n1" },
      { role: "assistant", content: "Done" },
    ]);
  });

  it("takes an example with such lines of its own for one", () => {
    const content = "Rules\n---\nTask:\nA\n---\nB\n---\n---\nTask:\nMine\n---\nmore";
    expect(withoutExample([{ role: "user", content }])).toEqual([
      { role: "system", content: "Rules" },
      { role: "user", content: "Task:\nMine\n---\nmore" },
    ]);
  });

  it.each<[string, Turns]>([
    ["a system message", [{ role: "system", content: "a\n---\nb\n---\nTask:\nc" }]],
    ["no example", [{ role: "user", content: "a\n---\nTask:\nb" }]],
    ["no line", [{ role: "user", content: "a" }]],
    ["no task", [{ role: "user", content: "a\n---\nb\n---\nc" }]],
    ["nothing", []],
  ])("does not guess at %s", (_what, turns) => {
    expect(withoutExample(turns)).toBeUndefined();
  });
});

/** What a run at a task of a checkout is as training data. */
async function conversationAt(task: EvalTask, replies: string[]) {
  const model = new ScriptedModel(replies);
  const { trajectory } = await task.attempt({
    model,
    executor,
    format: "code",
    limits: { steps: replies.length, invalidMessages: replies.length + 1 },
    sampling: {},
    signal: new AbortController().signal,
  });
  return conversationOf("id", trajectory, true)?.conversations;
}

describe("a prompt of MINT", { timeout: 600_000 }, () => {
  it("loses its example, and nothing of its rules and its task", async () => {
    const checkout = fileURLToPath(new URL("../../test/mint-fixture", import.meta.url));
    const { tasks } = await mintSuite({ checkout, executor });
    const quiz = tasks.find(({ id }) => id === "quiz/0");
    if (quiz === undefined) throw new Error("There is no task quiz/0.");
    const [system, task, ...turns] = (await conversationAt(quiz, ["Hm.", "So."])) ?? [];
    expect(system?.content).toContain("2 steps");
    expect(system?.content).not.toMatch(/An example|thought/);
    expect(task).toEqual({ role: "user", content: "Task:\nWhat is 6 times 7?" });
    expect(turns.map(({ role }) => role)).toEqual(["assistant", "user", "assistant"]);
    expect(turns[0]?.content).toBe("Hm.");
  });

  const upstream = process.env["CODEACT_UPSTREAM_MINT"] ?? "";
  it.skipIf(upstream === "")("does so in every task of the checkout", async () => {
    const { tasks } = await mintSuite({ checkout: upstream, executor });
    for (const each of tasks) {
      const [system, task] = (await conversationAt(each, ["Hm."])) ?? [];
      const { content: rules = "" } = system ?? {};
      expect([each.id, rules.includes("\n---\n"), rules.includes("Task:")]).toEqual([
        each.id,
        false,
        false,
      ]);
      expect(task?.content, each.id).toMatch(/^Task:\n/);
      expect(task?.content, each.id).not.toContain("\nAssistant:");
    }
  });
});
