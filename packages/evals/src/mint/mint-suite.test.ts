import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { messageText } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { PythonExecutor } from "@codeact/executors/python";
import { afterAll, describe, expect, it } from "vitest";
import type { AttemptOutcome, Suite } from "../suite/task.js";
import { readMintMessage } from "./message.js";
import { mintSuite } from "./mint-suite.js";

const executor = new PythonExecutor();
afterAll(() => executor.close());

const given = {
  checkout: fileURLToPath(new URL("../../test/mint-fixture", import.meta.url)),
  executor,
};
const listed = mintSuite(given);

function attemptAt(suite: Suite, id: string, model: AttemptModel): Promise<AttemptOutcome> {
  const task = suite.tasks.find((each) => each.id === id);
  if (task === undefined) throw new Error(`There is no task ${id}.`);
  const { limits = {} } = suite;
  const signal = new AbortController().signal;
  return task.attempt({ model, executor, format: "code", limits, sampling: {}, signal });
}
type AttemptModel = Parameters<Suite["tasks"][number]["attempt"]>[0]["model"];

/** Plays messages, and gives what the model was told after each. */
async function play(
  id: string,
  messages: string[],
  options: Partial<Parameters<typeof mintSuite>[0]> = {},
) {
  const suite = options.search ? await mintSuite({ ...given, ...options }) : await listed;
  const model = new ScriptedModel(messages);
  const outcome = await attemptAt(suite, id, model);
  const told = model.requests.map(({ messages }) => messages.map(messageText).at(-1) ?? "");
  return { ...outcome, told, model };
}

describe("a message of MINT's protocol", () => {
  it.each([
    ["<execute>\na\n</execute> and <execute>b</execute>", { type: "code", code: "a\nb" }],
    ["<execute>a</execute><solution> 42 </solution>", { type: "solution", solution: "42" }],
    ["<execute>a</execute> <solution> 42", { type: "solution", solution: "" }],
    ["<execute>a", { type: "invalid" }],
    ["<execute> </execute>", { type: "invalid" }],
    ["42", { type: "invalid" }],
  ])("%j", (message, read) => {
    expect(readMintMessage(message)).toEqual(read);
  });
});

describe("MINT tasks", { timeout: 120_000 }, () => {
  it("are those of the families that can be run", async () => {
    const { tasks } = await listed;
    const ids = ["quiz/0", "quiz/3", "programs/0", "programs/1"];
    expect(tasks.map(({ id }) => id)).toEqual(ids);
  });

  it("put everything into one message, and count down under each observation", async () => {
    const { told, model, ...outcome } = await play("quiz/0", [
      "<thought>Code.</thought>\n<execute>\nx = 6\nprint(x * 7)\n</execute>",
      "Hm.",
      "<solution> 41 </solution>",
      "<solution> 42 </solution>",
    ]);
    expect(outcome).toMatchObject({ success: true, turns: 4, answer: "42", expected: "42" });
    expect(model.requests[0]?.messages).toHaveLength(1);
    expect(told[0]).toMatch(/^Think .* 5 steps, 2 solutions\.\nTool: wikipedia_search\n/s);
    expect(told[0]).toMatch(/\n---\n\nTask:\nAn example[^]*\n---\n\nTask:\nWhat is 6 times 7\?\n$/);
    expect(told.slice(1)).toEqual([
      "Observation:\n42\n4 steps and 2 solutions left.\n",
      "Observation:\nNeither code nor a solution.\n\n3 steps and 2 solutions left.\n",
      "Observation:\nThat is not it.\n2 steps and 1 solutions left.\n",
    ]);
    expect(model.requests[1]?.messages.map(messageText)[1]).toBe(
      "Assistant:\n<thought>Code.</thought>\n<execute>\nx = 6\nprint(x * 7)\n</execute>\n",
    );
  });

  it("end after two solutions, or five steps", async () => {
    const wrong = "<solution>1</solution>";
    expect(await play("quiz/0", [wrong, wrong])).toMatchObject({
      success: false,
      status: "stopped",
      turns: 2,
    });
    const { told, ...outcome } = await play("quiz/0", Array<string>(5).fill("Hm."));
    expect(outcome).toMatchObject({ success: false, status: "step-limit", turns: 5 });
    expect(told.at(-1)).toMatch(/1 steps and 2 solutions left\.\nNow solve it\.\n$/);
  });

  it("take a solution that says nothing, or cannot be judged, as a wrong one", async () => {
    const { told, status } = await play("quiz/0", ["<solution>", "<solution>many</solution>"]);
    expect(told[1]).toContain("Neither code nor a solution.\n\n4 steps and 1 solutions left.");
    expect(status).toBe("stopped");
  });

  it("run programs with their tests, in an interpreter of their own", async () => {
    const outcome = await play("programs/0", [
      "<execute>def double(x): return 2 * x</execute>",
      "<solution>raise SystemExit(0)</solution>",
      "<solution>\ndef double(x):\n    return x + x\n</solution>",
    ]);
    expect(outcome).toMatchObject({ success: true, turns: 3 });
    expect(outcome.told[0]).not.toContain("wikipedia_search");
    expect(outcome.told[2]).toContain("That is not it.");
  });

  it("say that there is no search, or search by what they are given", async () => {
    const search = "<execute>print(wikipedia_search('six'))</execute>";
    const solution = "<solution>42</solution>";
    expect((await play("quiz/0", [search, solution])).told[1]).toMatch(/no search of Wikipedia/);
    const { told, toolCalls } = await play("quiz/0", [search, solution], {
      search: (query) => `${query}: a number`,
    }).then(({ told, trajectory }) => ({
      told,
      toolCalls: trajectory.events.filter(({ type }) => type === "tool-call").length,
    }));
    expect([told[1]?.split("\n")[1], toolCalls]).toEqual(["six: a number", 1]);
  });

  it("are solved by their oracles", async () => {
    expect(await unsolved(await listed)).toEqual([]);
  });

  it("are refused where there are none", async () => {
    const checkout = "/no/such/folder";
    await expect(mintSuite({ checkout, executor })).rejects.toMatchObject({
      code: "invalid-option",
    });
  });
});

async function unsolved(suite: Suite): Promise<string[]> {
  const failed: string[] = [];
  for (const task of suite.tasks) {
    const model = task.oracle?.("code");
    if (model === undefined) throw new Error(`${task.id} has no oracle.`);
    if (!(await attemptAt(suite, task.id, model)).success) failed.push(task.id);
  }
  return failed;
}

const upstream = process.env["CODEACT_UPSTREAM_MINT"] ?? "";
const hasUpstream = upstream !== "" && existsSync(upstream);
if (!hasUpstream) {
  console.warn(
    "SKIPPED: CODEACT_UPSTREAM_MINT names no checkout of github.com/xingyaoww/mint-bench.",
  );
}

describe.skipIf(!hasUpstream)("the upstream checkout", { timeout: 900_000 }, () => {
  it("accepts its references and known programs", async () => {
    const suite = await mintSuite({ checkout: upstream, executor });
    expect(suite.tasks).toHaveLength(452);
    // It sums divisors of all numbers up to 9,999, for about as long as programs may run.
    const slow = "mbpp/15";
    expect((await unsolved(suite)).filter((id) => id !== slow)).toEqual([]);
  });
});
