import { ScriptedModel } from "@codeact/core/testing";
import { Agent, jsonFormat, tool } from "@codeact/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { AttemptRecord } from "../run/attempt-record.js";
import { type DataSetForm, readDataSet, writeDataSet } from "./data-set.js";
import type { SourcedAttempt } from "./collect-attempts.js";
import { selectConversations } from "./filters.js";

const look = tool({
  name: "look",
  description: "Looks something up.",
  inputSchema: z.object({ key: z.string() }),
  execute: ({ key }) => {
    if (key === "bad") throw new Error("no such key");
    return `value of ${key}`;
  },
});

const call = (key: string) =>
  `<thought>I look.</thought>\n{"tool": "look", "args": {"key": "${key}"}}`;
const answer = '{"answer": "done"}';

/** A real run in the JSON format, as the journal would hold it. */
async function attempt(
  task: string,
  replies: string[],
  given: Partial<AttemptRecord> = {},
): Promise<SourcedAttempt> {
  const model = new ScriptedModel(replies);
  const agent = new Agent({
    model,
    tools: [look],
    actionFormat: jsonFormat(),
    limits: { steps: replies.length },
  });
  const { steps, usage, trajectory, status } = await agent.run(`Solve ${task}.`);
  const failedActions = replies.filter((reply) => reply.includes("bad")).length;
  const actions = replies.filter((reply) => reply.includes("look")).length;
  const key = { task, family: task.split("/")[0] ?? "", format: "json", repeat: 1 } as const;
  const record: AttemptRecord = {
    type: "attempt",
    ...key,
    success: true,
    status,
    turns: steps,
    actions,
    failedActions,
    toolCalls: actions,
    usage,
    durationMs: 1,
    trajectory,
    ...given,
  };
  return { attempt: record, suite: "suite", model: "model" };
}

/** The same attempt, with another key. */
function rekeyed(given: SourcedAttempt, key: Partial<AttemptRecord>): SourcedAttempt {
  return { ...given, attempt: { ...given.attempt, ...key } };
}

describe("selectConversations", () => {
  it("applies the paper's filters, and counts what each leaves", async () => {
    const good = await attempt("a/recovers", [call("bad"), call("x"), answer]);
    const { conversations, counts } = await selectConversations(
      [
        good,
        rekeyed(good, { repeat: 2 }),
        await attempt("a/fails", [call("x"), call("y"), answer], { success: false }),
        await attempt("a/easy", [call("x"), answer]),
        await attempt("strategy/any", [call("x"), call("y"), answer]),
        await attempt("a/useless", [call("bad"), call("bad"), answer]),
        await attempt("a/invalid", ["", "", answer]),
      ],
      { formats: ["json"], withoutFamilies: ["strategy"] },
    );
    expect(counts.map(({ left }) => left)).toEqual([7, 7, 6, 5, 4, 3, 3, 3, 2, 1]);
    expect(conversations.map(({ id }) => id)).toEqual(["suite/model/a/recovers/json/1"]);
    const [system, ...turns] = conversations[0]?.conversations ?? [];
    expect(system?.role).toBe("system");
    expect(turns.map(({ role }) => role)).toEqual([
      "user",
      "assistant",
      "user",
      "assistant",
      "user",
      "assistant",
    ]);
    expect(turns[1]?.content).toMatch(/^I look\.\n\{"tool"/);
    expect(turns[2]?.content).toContain("no such key");
    expect(turns[5]?.content).toBe(answer);
  });
});

describe("the formats of a data set", () => {
  it("are code alone where nothing else is wanted, and the others are counted", async () => {
    const json = await attempt("a/b", [call("x"), call("y"), answer]);
    const formats = ["json", "text", "native", "code"] as const;
    const attempts = formats.map((format) => rekeyed(json, { format }));
    const { conversations, counts } = await selectConversations(attempts);
    expect(conversations.map(({ id }) => id)).toEqual(["suite/model/a/b/code/1"]);
    expect(counts.slice(0, 2)).toEqual([
      { filter: "attempts", left: 4 },
      { filter: "in the format code", left: 1 },
    ]);
  });

  it("cannot be native, whose calls are no text", async () => {
    await expect(selectConversations([], { formats: ["code", "native"] })).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining("native") as string,
    });
  });
});

describe("the ids of a data set", () => {
  it("tell suites, models and runs of the same apart", async () => {
    const made = await Promise.all(
      ["p", "q", "r", "s"].map((key) => attempt("a/b", [call(key), call("x"), answer])),
    );
    const sources = [{}, { suite: "other" }, { model: "other" }, {}];
    const attempts = made.map((each, index) => ({ ...each, ...sources[index] }));
    const { conversations } = await selectConversations(attempts, { formats: ["json"] });
    expect(conversations.map(({ id }) => id)).toEqual([
      "suite/model/a/b/json/1",
      "other/model/a/b/json/1",
      "suite/other/a/b/json/1",
      "suite/model/a/b/json/1#2",
    ]);
  });

  it("are each of one conversation, when written and when read", () => {
    const line =
      '{"id":"a","conversations":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}';
    const [only] = readDataSet(line, "codeact");
    if (only === undefined) throw new Error("Nothing was read.");
    expect(() => writeDataSet([only, only], "openai")).toThrow(/the id "a"/);
    expect(() => readDataSet(`${line}\n${line}`, "codeact")).toThrow(/the id "a"/);
  });
});

describe("a data set", () => {
  const conversations = [
    {
      id: "one",
      conversations: [
        { role: "system" as const, content: "Be brief.\n\nAlways." },
        { role: "user" as const, content: 'Say "x".\n\nPlease.' },
        { role: "assistant" as const, content: "<execute>\nprint('x')\n\n</execute>" },
      ],
    },
    {
      id: "two",
      conversations: [
        { role: "user" as const, content: "Hi" },
        { role: "assistant" as const, content: "Ho \u2028" },
      ],
    },
  ];

  it.each(["codeact", "chatml", "openai", "sharegpt"] as const)(
    "in the form %s is read as it was written",
    (form: DataSetForm) => {
      const read = readDataSet(writeDataSet(conversations, form), form);
      expect(read.map((each) => each.conversations)).toEqual(
        conversations.map((each) => each.conversations),
      );
      const hasIds = form === "codeact" || form === "sharegpt";
      expect(read.map(({ id }) => id)).toEqual(hasIds ? ["one", "two"] : ["1", "2"]);
    },
  );

  it.each([
    ["codeact", '{"id":"a","conversations":[{"role":"user","content":"x"}]}', /alternate/],
    ["openai", '{"messages":[{"role":"tool","content":"x"}]}', /role/],
    ["sharegpt", '{"id":"a","conversations":[{"from":"bot","value":"x"}]}', /from/],
    ["chatml", "<|im_start|>user\nHi", /im_end/],
    ["codeact", "{", /Conversation 1/],
  ] as const)("that is wrong is refused: %s", (form, text, message) => {
    expect(() => readDataSet(text, form)).toThrow(message);
  });

  it("is not written with ChatML's marks in a message", () => {
    const [first] = conversations;
    const marked = {
      id: "m",
      conversations: (first?.conversations ?? []).map((each) => ({
        ...each,
        content: "<|im_end|>",
      })),
    };
    expect(() => writeDataSet([marked], "chatml")).toThrow(/own marks/);
  });
});
