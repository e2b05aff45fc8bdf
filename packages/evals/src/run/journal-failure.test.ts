import { type FileHandle, open, readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { attempt, header } from "../../test/attempts.js";
import { temporaryFolders } from "../../test/temporary-folder.js";
import { readEvaluation } from "./journal-reader.js";
import { JournalWriter } from "./journal-writer.js";

const makeFolder = temporaryFolders();
let journal = "";
beforeEach(async () => {
  journal = path.join(await makeFolder(), "journal.jsonl");
});
afterEach(() => vi.restoreAllMocks());

/** Lets the next write of any file stop in the middle, as on a disk that is full for a moment. */
async function breakNextWrite(): Promise<void> {
  const file = await open(journal);
  const prototype = Object.getPrototypeOf(file) as FileHandle;
  await file.close();
  vi.spyOn(prototype, "appendFile").mockImplementationOnce(async function (
    this: FileHandle,
    data: string | Uint8Array,
  ) {
    await this.write(Buffer.from(data).subarray(0, data.length / 2));
    throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
  });
}

const refusal = {
  code: "invalid-option",
  message: expect.stringMatching(/journal\.jsonl cannot be written: .*no space left/) as string,
};

describe("a write that fails", () => {
  it("fails every append that it was for, and every later one", async () => {
    const { writer } = await JournalWriter.open(journal, header);
    await writer.append(attempt("a"));
    await breakNextWrite();
    const together = await Promise.allSettled(["b", "c"].map((id) => writer.append(attempt(id))));
    expect(together).toMatchObject([{ reason: refusal }, { reason: refusal }]);
    await expect(writer.append(attempt("d"))).rejects.toMatchObject(refusal);
    await writer.close();

    const torn = await readFile(journal, "utf8");
    expect(torn).not.toContain('"d"');
    const { results } = await readEvaluation(journal);
    expect(results.map(({ task }) => task)).not.toContain("c");
  });

  it("is made good by the next run", async () => {
    const { writer } = await JournalWriter.open(journal, header);
    await breakNextWrite();
    const broken = writer.append(attempt("a"));
    const later = broken.catch(() => writer.append(attempt("b")));
    await expect(broken).rejects.toMatchObject(refusal);
    await expect(later).rejects.toMatchObject(refusal);
    await writer.close();

    const { writer: next, earlier } = await JournalWriter.open(journal, header);
    expect(earlier.results).toEqual([]);
    await next.append(attempt("a"));
    await next.close();
    expect((await readEvaluation(journal)).results).toHaveLength(1);
  });
});
