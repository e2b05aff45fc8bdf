import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { attempt, header } from "../../test/attempts.js";
import { temporaryFolders } from "../../test/temporary-folder.js";
import type { AttemptRecord, FaultRecord } from "./attempt-record.js";
import { readAttempts, readEvaluation } from "./journal-reader.js";
import { JournalWriter } from "./journal-writer.js";

function fault(task: string): FaultRecord {
  const key = { task, family: "sums", format: "code", repeat: 1 } as const;
  return { type: "fault", ...key, error: { message: "No." }, durationMs: 1 };
}

const makeFolder = temporaryFolders();
let journal = "";
beforeEach(async () => {
  journal = path.join(await makeFolder(), "results", "journal.jsonl");
});

async function append(...records: (AttemptRecord | FaultRecord)[]): Promise<void> {
  const { writer } = await JournalWriter.open(journal, header);
  await Promise.all(records.map((record) => writer.append(record)));
  await writer.close();
}

const tasks = async (): Promise<string[]> =>
  (await readEvaluation(journal)).results.map(({ task }) => task);

describe("a journal", () => {
  it("is read in an order that is not that of writing", async () => {
    await append(attempt("sum-10"), attempt("sum-2"), attempt("sum-1"));
    expect(await tasks()).toEqual(["sum-1", "sum-2", "sum-10"]);
  });

  it("is read in the same order where names differ only as numbers are written", async () => {
    const names = ["t-1", "t-01", "t-001"];
    await append(...names.map((name) => attempt(name)));
    await append(...names.reverse().map((name) => attempt(`${name}/a`)));
    expect(await tasks()).toEqual(["t-001", "t-01", "t-1", "t-001/a", "t-01/a", "t-1/a"]);
  });

  it("is gone on with", async () => {
    await append(attempt("a"));
    await append(attempt("b"));
    expect(await tasks()).toEqual(["a", "b"]);
  });

  it("loses only its last line, wherever a crash cut it", async () => {
    await append(attempt("a"), attempt("b"));
    const whole = await readFile(journal, "utf8");
    const first = whole.indexOf("\n") + 1;
    const second = whole.indexOf("\n", first) + 1;
    for (const length of [0, 1, first - 1, first, first + 1, second - 1, second, second + 9]) {
      await writeFile(journal, whole.slice(0, length));
      await append(attempt("c"));
      expect(await tasks()).toEqual(length < second ? ["c"] : ["a", "c"]);
    }
  });

  it("may have any separator in its texts, and any line ends", async () => {
    const answer = "one\u2028two\u2029three\u0085four\vfive";
    await append({ ...attempt("a"), answer }, { ...attempt("b"), answer });
    const written = await readFile(journal, "utf8");
    for (const content of [written, written.replaceAll("\n", "\r\n")]) {
      await writeFile(journal, content);
      expect((await readEvaluation(journal)).results).toMatchObject([{ answer }, { answer }]);
      const read = [];
      for await (const { task, answer } of readAttempts(journal)) read.push([task, answer]);
      expect(read).toEqual([
        ["a", answer],
        ["b", answer],
      ]);
    }
  });

  it("keeps the first result of an attempt", async () => {
    await append(attempt("a", false));
    await append(attempt("a", true));
    expect((await readEvaluation(journal)).results).toMatchObject([{ success: false }]);
    const read = [];
    for await (const { success } of readAttempts(journal)) read.push(success);
    expect(read).toEqual([false]);
  });

  it("forgets a fault once there is a result", async () => {
    await append(fault("a"), fault("b"));
    await append(attempt("a"));
    const { results, faults } = await readEvaluation(journal);
    expect([results.length, faults.map(({ task }) => task)]).toEqual([1, ["b"]]);
  });

  it("finds a last line that is longer than a piece of reading", async () => {
    await append(attempt("a"));
    const { size } = await stat(journal);
    await appendFile(journal, `{"type":"${"x".repeat(300_000)}`);
    await append();
    expect((await stat(journal)).size).toBe(size);
  });

  it("is refused where it belongs to another evaluation", async () => {
    await append(attempt("a"));
    await expect(
      JournalWriter.open(journal, { ...header, model: "other", limits: { steps: 5 } }),
    ).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringMatching(/model is "model" there and "other" now; limits is/),
    });
  });

  it.each([
    ["no JSON", "hello\n{}\n", /Line 1 .* not JSON/],
    ["another file", '{"a":1}\n', /Line 1 .*format/],
    ["a broken line", `${JSON.stringify(header)}\n{"type":"attempt"}\n{}\n`, /Line 2 .*task/],
  ])("is refused where it is %s", async (_what, content, message) => {
    await append();
    await writeFile(journal, content);
    await expect(readEvaluation(journal)).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringMatching(message),
    });
  });

  it("that is not there is refused", async () => {
    await expect(readEvaluation(journal)).rejects.toMatchObject({ code: "invalid-option" });
  });
});
