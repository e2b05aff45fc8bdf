import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { messageText, type Model } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { PythonExecutor } from "@codeact/executors/python";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolders } from "../../test/temporary-folder.js";
import type { AttemptOutcome, Suite } from "../suite/task.js";
import { type SingleTurnName, singleTurnNames, singleTurnSuite } from "./single-turn-suite.js";

const executor = new PythonExecutor();
afterAll(() => executor.close());
const makeFolder = temporaryFolders();

function open(name: SingleTurnName): Promise<Suite> {
  const file = `../../test/single-turn-fixture/${name}.jsonl`;
  return singleTurnSuite({ name, tasks: fileURLToPath(new URL(file, import.meta.url)) });
}

function attemptAt({ tasks }: Suite, index: number, model?: Model): Promise<AttemptOutcome> {
  const task = tasks[index];
  const playing = model ?? task?.oracle?.("text");
  if (task === undefined || playing === undefined) throw new Error(`There is no task ${index}.`);
  const signal = new AbortController().signal;
  const limits = { steps: 1 };
  return task.attempt({ model: playing, executor, format: "text", limits, sampling: {}, signal });
}

describe("singleTurnSuite", { timeout: 60_000 }, () => {
  it.each(singleTurnNames)("%s: known solutions are right", async (name) => {
    const suite = await open(name);
    expect(suite).toMatchObject({ name, formats: ["text"] });
    expect(suite.tasks).toHaveLength(2);
    for (const index of [0, 1]) {
      expect(await attemptAt(suite, index)).toMatchObject({ success: true, turns: 1 });
    }
  });

  const answers: [name: SingleTurnName, question: RegExp, right: string, wrong: string][] = [
    ["gsm8k", /250 pears/, "So #### 1250.0", "#### 125"],
    ["math", /a half of a third/, String.raw`\boxed{\dfrac16}`, "1/6"],
    ["mmlu", /metal\?\n\nA\. Helium\nB\. Iron\n/, "Answer: B", "Answer: A"],
    ["humaneval", /def hypotenuse/, "    return sqrt(a**2 + b**2)", "    return a + b"],
  ];
  it.each(answers)(
    "%s asks in one message, and judges it",
    async (name, question, right, wrong) => {
      const suite = await open(name);
      const model = new ScriptedModel([right, wrong]);
      expect(await attemptAt(suite, 0, model)).toMatchObject({ success: true, answer: right });
      expect(await attemptAt(suite, 0, model)).toMatchObject({ success: false, answer: wrong });
      const asked = model.requests[0]?.messages.map(messageText);
      expect(asked).toMatchObject([expect.any(String), expect.stringMatching(question)]);
    },
  );

  it("tells files apart whose tasks have the same names", async () => {
    const hashes = [];
    for (const answer of ["#### 3", "#### 3", "#### 4"]) {
      const tasks = path.join(await makeFolder(), "tasks.jsonl");
      await writeFile(tasks, JSON.stringify({ question: "How many?", answer }));
      hashes.push((await singleTurnSuite({ name: "gsm8k", tasks })).taskHash);
    }
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  it("gives no point to programs that end before their tests", async () => {
    const suite = await open("humaneval");
    for (const line of ["raise SystemExit", "import os; os._exit(0)", "1 / 0"]) {
      const program = `\`\`\`python\n${line}\ndef count_up(n):\n    return list(range(n))\n\`\`\``;
      const outcome = await attemptAt(suite, 1, new ScriptedModel([program]));
      expect(outcome).toMatchObject({ success: false, status: "answered" });
    }
  });

  it.each([
    ["nothing", "", /no tasks/],
    ["no JSON", "\nnonsense\n", /Line 2 of .* is not JSON/],
    ["another shape", '{"question": 1}\n', /Line 1 of .* no such task: [^]*answer/],
    ["an answer beyond the choices", '{"question":"?","choices":["a","b"],"answer":2}', /no index/],
  ])("refuses %s", async (_what, content, message) => {
    const tasks = path.join(await makeFolder(), "tasks.jsonl");
    await writeFile(tasks, content);
    const refused = expect(singleTurnSuite({ name: "mmlu", tasks })).rejects;
    await refused.toMatchObject({ code: "invalid-option" });
    await expect(singleTurnSuite({ name: "mmlu", tasks })).rejects.toThrow(message);
  });

  it("reads questions with any separator in them", async () => {
    const tasks = path.join(await makeFolder(), "tasks.jsonl");
    const question = "One\u2028two\u2029three?";
    await writeFile(tasks, `${JSON.stringify({ question, answer: "#### 3" })}\r\n`);
    const model = new ScriptedModel(["#### 3"]);
    await attemptAt(await singleTurnSuite({ name: "gsm8k", tasks }), 0, model);
    expect(model.requests[0]?.messages.map(messageText)).toContain(question);
  });

  it("refuses a file that is not there", async () => {
    await expect(singleTurnSuite({ name: "math", tasks: "/no/such" })).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining("cannot be read") as string,
    });
  });
});
