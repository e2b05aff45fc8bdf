import { type FileHandle, mkdir, open } from "node:fs/promises";
import path from "node:path";
import { CodeActError } from "@codeact/core";
import type { AttemptRecord, EvaluationHeader, FaultRecord } from "./attempt-record.js";
import { JournalLock } from "./journal-lock.js";
import { type Evaluation, readEvaluation } from "./journal-reader.js";

const lineFeed = 10;

/**
 * Adds attempts to a journal, a line each. What was appended is on the disk; a line that a crash cut
 * off is removed by the next run. A lock beside the journal keeps other processes from writing it.
 */
export class JournalWriter {
  readonly #file: FileHandle;
  readonly #lock: JournalLock;
  readonly #journal: string;
  #waiting: string[] = [];
  /** The write that takes what is waiting. */
  #next: Promise<void> | undefined;
  #last: Promise<void> | undefined;

  private constructor(journal: string, file: FileHandle, lock: JournalLock) {
    this.#journal = journal;
    this.#file = file;
    this.#lock = lock;
  }

  /**
   * Opens a journal, or begins one; `earlier` is what it says already.
   * @throws `CodeActError` with code `invalid-option` when it belongs to another evaluation,
   * or another process writes it
   */
  static async open(
    journal: string,
    header: EvaluationHeader,
  ): Promise<{ writer: JournalWriter; earlier: Evaluation }> {
    await mkdir(path.dirname(path.resolve(journal)), { recursive: true });
    const lock = await JournalLock.take(journal);
    try {
      const file = await open(journal, "a+");
      try {
        const length = await wholeLines(file);
        await file.truncate(length);
        const writer = new JournalWriter(journal, file, lock);
        if (length === 0) await writer.#append(JSON.stringify(header));
        const earlier = await readEvaluation(journal);
        assertSame(journal, earlier.header, header);
        return { writer, earlier };
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /**
   * Resolves once the record is on the disk. After a failure, nothing more is written.
   * @throws `CodeActError` with code `invalid-option` if the journal cannot be written
   */
  append(record: AttemptRecord | FaultRecord): Promise<void> {
    return this.#append(JSON.stringify(record));
  }

  async close(): Promise<void> {
    // Whoever appended has been told of a failure.
    await this.#last?.catch(() => undefined);
    try {
      await this.#file.close();
    } finally {
      await this.#lock.release();
    }
  }

  #append(line: string): Promise<void> {
    this.#waiting.push(`${line}\n`);
    // Records that end meanwhile share the next write: syncing each alone would be slow.
    this.#next ??= this.#write(this.#last);
    this.#last = this.#next;
    return this.#next;
  }

  async #write(previous: Promise<void> | undefined): Promise<void> {
    // A failure may have left half a line, behind which nothing could be read: it is that of all later writes.
    await previous;
    this.#next = undefined;
    const lines = this.#waiting.splice(0);
    try {
      await this.#file.appendFile(lines.join(""));
      await this.#file.datasync();
    } catch (cause) {
      throw new CodeActError(
        "invalid-option",
        `The journal ${this.#journal} cannot be written: ${String(cause)}. See to its disk, then run ` +
          "the evaluation again: it goes on.",
        { cause },
      );
    }
  }
}

/** How many bytes of the file are whole lines. */
async function wholeLines(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const piece = Buffer.alloc(65_536);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - piece.length);
    const { bytesRead } = await file.read(piece, 0, end - start, start);
    const found = piece.subarray(0, bytesRead).lastIndexOf(lineFeed);
    if (found >= 0) return start + found + 1;
    end = start;
  }
  return 0;
}

function assertSame(journal: string, found: EvaluationHeader, wanted: EvaluationHeader): void {
  const differing = (Object.keys(wanted) as (keyof EvaluationHeader)[]).filter(
    (member) =>
      member !== "taskHash" && JSON.stringify(found[member]) !== JSON.stringify(wanted[member]),
  );
  if (differing.length === 0 && isOther(found.taskHash, wanted.taskHash)) {
    throw new CodeActError(
      "invalid-option",
      `The journal ${journal} holds attempts at other tasks of the same names: their file, their checkout ` +
        "or the release that has them is another. Give another output folder, or the tasks of then.",
    );
  }
  if (differing.length === 0) return;
  const what = differing.map(
    (member) =>
      `${member} is ${JSON.stringify(found[member])} there and ${JSON.stringify(wanted[member])} now`,
  );
  throw new CodeActError(
    "invalid-option",
    `The journal ${journal} belongs to another evaluation: ${what.join("; ")}. Give another output folder.`,
  );
}

/** A journal of an earlier release has no hash and is gone on with. */
function isOther(found: string | undefined, wanted: string | undefined): boolean {
  return found !== undefined && wanted !== undefined && found !== wanted;
}
