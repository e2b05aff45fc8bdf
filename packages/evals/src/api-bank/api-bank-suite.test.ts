import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ScriptedModel } from "@codeact/core/testing";
import { PythonExecutor } from "@codeact/executors/python";
import { afterAll, describe, expect, it } from "vitest";
import { PythonHarness } from "../checkout/python-harness.js";
import type { FormatName } from "../suite/format.js";
import type { Protocol } from "../suite/protocol.js";
import type { AttemptOutcome } from "../suite/task.js";
import roundTrip from "../../test/round_trip.py";
import { apiBankSuite } from "./api-bank-suite.js";
import harnessSource from "./api_bank_harness.py";
import callsSource from "./codeact_api_bank_calls.py";

const executor = new PythonExecutor();
afterAll(() => executor.close());

const fixture = fileURLToPath(new URL("../../test/api-bank-fixture", import.meta.url));
const listed = {
  paper: apiBankSuite({ checkout: fixture, executor }),
  fixed: apiBankSuite({ checkout: fixture, executor, protocol: "fixed" }),
};
const formats = ["code", "json", "text"] as const;

async function answer(
  id: string,
  format: FormatName,
  message: string,
  protocol: Protocol,
): Promise<AttemptOutcome & { model: ScriptedModel }> {
  const suite = await listed[protocol];
  const task = suite.tasks.find((each) => each.id === id);
  if (task === undefined) throw new Error(`There is no task ${id}.`);
  const model = new ScriptedModel([message]);
  const signal = new AbortController().signal;
  const { limits = {} } = suite;
  const setting = { model, executor, format, limits, sampling: {}, signal };
  return { ...(await task.attempt(setting)), model };
}

describe("API-Bank samples", { timeout: 120_000 }, () => {
  it("are the calls of all dialogues; one that follows another is scored twice", async () => {
    const { tasks } = await listed.paper;
    expect(tasks.map(({ id, family }) => `${id} ${family}`)).toEqual([
      "notes-1/0 2 APIs",
      "notes-1/1 2 APIs",
      "notes-1/2 2 APIs",
      "weigh-1/0 2 APIs",
      "weigh-1/2 2 APIs",
    ]);
  });

  it("are asked for by the dialogue so far, with earlier calls in the same format", async () => {
    const calls = { code: "[Borrow(", json: '[{"action"', text: "[Action: Borrow" };
    for (const format of formats) {
      const { model, turns, status } = await answer("notes-1/2", format, "[?]", "fixed");
      expect([turns, status]).toEqual([1, "answered"]);
      expect(model.requests[0]?.messages).toMatchObject([
        { role: "system", content: [{ text: expect.stringContaining(`as ${format}`) }] },
        { role: "user", content: [{ text: expect.stringContaining("Lend me Emma") }] },
        {
          role: "assistant",
          content: [{ text: expect.stringContaining(`I will lend it first.\n${calls[format]}`) }],
        },
        { role: "user", content: [{ text: "Response: lent" }] },
      ]);
    }
  });

  it("give the user a turn where the assistant spoke last", async () => {
    const { model } = await answer("notes-1/0", "code", "[Borrow('Emma', 'Friday')]", "fixed");
    expect(model.requests[0]?.messages.at(-1)).toMatchObject({
      role: "user",
      content: [{ text: "Continue." }],
    });
  });

  const judged: [
    id: string,
    format: FormatName,
    message: string,
    paper: boolean,
    fixed: boolean,
  ][] = [
    ["notes-1/0", "code", "[Borrow(title='Emma', until='Friday')]", true, true],
    ["notes-1/0", "code", "[Borrow(title='Dune', until='Friday')]", false, false],
    ["notes-1/0", "code", "[Weigh()]", false, false],
    ["notes-1/0", "code", "I do not know.", false, false],
    // By the parser of Python: positions, other quotes, lines, a fence; no tags.
    ["notes-1/0", "code", '```python\n[Borrow("EMMA",\n  until="Friday")]\n```', false, true],
    ["notes-1/0", "json", '[{"action": "Borrow",\n "title": "EMMA", "until": "x"}]', false, true],
    ["notes-1/0", "text", "[Action: Borrow, title: EMMA, until: x]", true, true],
    // Judged on what the dialogue has done, which is that the book is lent.
    ["notes-1/1", "code", "[AddNote('EMMA', ['short', 'old'])]", false, true],
    ["notes-1/1", "code", "[AddNote('EMMA', ['short'])]", false, false],
    ["notes-1/1", "text", "[Action: AddNote, title: Emma, words: ['a', 'b']]", false, true],
    ["weigh-1/0", "text", "[Action: Weigh]", false, true],
    // Recorded, for nothing answers without a network.
    ["weigh-1/2", "json", '[{"action": "Translate", "src": "ja, genau"}]', true, true],
    ["weigh-1/2", "json", '[{"action": "Translate", "src": "nein"}]', false, false],
  ];
  it.each(judged)("%s by %s: %j", async (id, format, message, paper, fixed) => {
    expect(await answer(id, format, message, "paper")).toMatchObject({ success: paper });
    expect(await answer(id, format, message, "fixed")).toMatchObject({ success: fixed });
  });

  it("have oracles, which lose nothing by our formatter and parser", async () => {
    const rates = async (protocol: Protocol): Promise<number[]> => {
      const { tasks } = await listed[protocol];
      return Promise.all(
        formats.map(async (format) => {
          let solved = 0;
          for (const task of tasks) {
            const model = task.oracle?.(format);
            if (model === undefined) throw new Error(`${task.id} has no oracle.`);
            const signal = new AbortController().signal;
            const setting = { model, executor, format, limits: {}, sampling: {}, signal };
            solved += Number((await task.attempt(setting)).success);
          }
          return solved;
        }),
      );
    };
    expect(await rates("fixed")).toEqual([5, 5, 5]);
    expect(await rates("paper")).toEqual([3, 3, 2]);
  });

  it("are refused where there are none", async () => {
    const checkout = "/no/such/folder";
    await expect(apiBankSuite({ checkout, executor })).rejects.toMatchObject({
      code: "invalid-option",
    });
  });
});

const upstream = process.env["CODEACT_UPSTREAM"] ?? "";
const hasUpstream = upstream !== "" && existsSync(upstream);

describe.skipIf(!hasUpstream)("the upstream checkout", { timeout: 900_000 }, () => {
  async function count(functionName: string, ...values: (string | boolean)[]): Promise<number> {
    const python = await executor.start();
    try {
      const harness = await PythonHarness.load(python, {
        name: "codeact_api_bank",
        source: `${harnessSource}\n${roundTrip}`,
        helpers: { codeact_api_bank_calls: callsSource },
        about: "The round trip",
      });
      const folder = path.join(upstream, "scripts", "eval", "api-bank");
      return await harness.call<number>(functionName, folder, ...values);
    } finally {
      await python.close();
    }
  }

  it("has 399 scored calls", async () => {
    expect((await apiBankSuite({ checkout: upstream, executor })).tasks).toHaveLength(399);
  });

  // What the original's formatter and parser lose of 389 recorded calls is what its scores lack.
  it.each([
    ["json", 389],
    ["code", 353],
    ["text", 352],
  ])("preserves by its own formatter and parser, in %s, %d calls", async (mode, preserved) => {
    expect(await count("preserved", mode)).toBe(preserved);
  });

  it.each([
    ["paper", "code", 341],
    ["paper", "json", 347],
    ["paper", "text", 340],
    ["fixed", "code", 399],
    ["fixed", "json", 399],
    ["fixed", "text", 399],
  ])("accepts of its recorded calls, by %s in %s, %d", async (protocol, mode, accepted) => {
    expect(await count("accepted", mode, protocol === "fixed")).toBe(accepted);
  });
});
