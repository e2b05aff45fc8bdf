import { open } from "node:fs/promises";
import { CodeActError } from "@codeact/core";
import type { z } from "zod";
import { type FileLine, fileLines } from "../lines/file-lines.js";
import {
  type AttemptRecord,
  attemptId,
  type AttemptResult,
  type EvaluationHeader,
  type FaultRecord,
  headerSchema,
  recordSchema,
  withoutTranscript,
} from "./attempt-record.js";

/** What a journal says, without transcripts. */
export interface Evaluation {
  header: EvaluationHeader;
  /** One for each attempt that has a result, in an order that does not depend on the run's. */
  results: AttemptResult[];
  /** Attempts that ended by a fault and have no result. */
  faults: FaultRecord[];
}

/**
 * Reads the journal of an evaluation. A last line that was cut off in writing is left out.
 *
 * @throws `CodeActError` with code `invalid-option` when there is none, or it is no journal
 *
 * @example
 * ```ts
 * const { results } = await readEvaluation("results/journal.jsonl");
 * console.log(results.filter(({ success }) => success).length);
 * ```
 */
export async function readEvaluation(path: string): Promise<Evaluation> {
  const { header, records } = await openJournalReader(path);
  const found: (AttemptResult | FaultRecord)[] = [];
  for await (const { record } of records) {
    found.push(record.type === "fault" ? record : withoutTranscript(record));
  }
  return evaluationOf(header, found);
}

/** What the journal is of. @throws like {@link readEvaluation} */
export async function readHeader(path: string): Promise<EvaluationHeader> {
  const lines = journalLines(path);
  try {
    return await nextHeader(lines, path);
  } finally {
    await lines.return();
  }
}

/** What records say, in the order of writing: the first result of an attempt counts. */
export function evaluationOf(
  header: EvaluationHeader,
  records: Iterable<AttemptResult | FaultRecord>,
): Evaluation {
  const results = new Map<string, AttemptResult>();
  const faults = new Map<string, FaultRecord>();
  for (const record of records) {
    const id = attemptId(record);
    if (record.type === "fault") faults.set(id, record);
    else if (!results.has(id)) results.set(id, record);
  }
  for (const id of results.keys()) faults.delete(id);
  return { header, results: inOrder(results), faults: inOrder(faults) };
}

/**
 * The attempts of a journal with their transcripts, each once, in the order of the results of
 * {@link readEvaluation}. One is in memory at a time.
 * @throws like {@link readEvaluation}
 */
export async function* readAttempts(path: string): AsyncGenerator<AttemptRecord, void, undefined> {
  const places = new Map<string, Pick<FileLine, "offset" | "length">>();
  const { records } = await openJournalReader(path);
  for await (const { record, line } of records) {
    const { offset, length } = line;
    const id = attemptId(record);
    if (record.type === "attempt" && !places.has(id)) places.set(id, { offset, length });
  }
  const file = await open(path);
  try {
    for (const { offset, length } of inOrder(places)) {
      const bytes = Buffer.alloc(length);
      await file.read(bytes, 0, length, offset);
      yield JSON.parse(bytes.toString()) as AttemptRecord;
    }
  } finally {
    await file.close();
  }
}

interface ReadRecord {
  record: AttemptRecord | FaultRecord;
  line: FileLine;
}

/** Its header, and its records as they stand there. The file is closed when these end. */
async function openJournalReader(path: string): Promise<{
  header: EvaluationHeader;
  records: AsyncGenerator<ReadRecord, void, undefined>;
}> {
  const lines = journalLines(path);
  const header = await nextHeader(lines, path);
  const records = async function* (): AsyncGenerator<ReadRecord, void, undefined> {
    let number = 1;
    for await (const line of lines) {
      // The schema is narrower than the type only in the events of trajectories.
      const record: unknown = parse(line.text, ++number, path, recordSchema);
      yield { record: record as AttemptRecord | FaultRecord, line };
    }
  };
  return { header, records: records() };
}

/** Takes the first line. */
async function nextHeader(
  lines: AsyncGenerator<FileLine, void, undefined>,
  path: string,
): Promise<EvaluationHeader> {
  const first = await lines.next();
  if (!first.done) return parse(first.value.text, 1, path, headerSchema) as EvaluationHeader;
  throw new CodeActError(
    "invalid-option",
    `The journal ${path} has no whole line. Run the evaluation again.`,
  );
}

/** The lines of the file, but for a last one that was cut off. */
async function* journalLines(path: string): AsyncGenerator<FileLine, void, undefined> {
  try {
    for await (const line of fileLines(path)) if (line.isEnded || isJson(line.text)) yield line;
  } catch (cause) {
    throw new CodeActError(
      "invalid-option",
      `The journal ${path} cannot be read: ${String(cause)}.`,
      { cause },
    );
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parse(line: string, number: number, path: string, schema: z.ZodType): unknown {
  const fail = (why: string, cause: unknown): never => {
    throw new CodeActError(
      "invalid-option",
      `Line ${number} of the journal ${path} is not what an evaluation writes: ${why}. Give another output folder, or remove the file.`,
      { cause },
    );
  };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    return fail("it is not JSON", cause);
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  return fail(`${issue?.path.join(".")}: ${issue?.message}`, checked.error);
}

/** By task, format and repeat: parallel attempts end in any order. */
function inOrder<T>(byId: ReadonlyMap<string, T>): T[] {
  const ids = [...byId.keys()].sort(compareNaturally);
  return ids.map((id) => byId.get(id) as T);
}

const collator = new Intl.Collator("en", { numeric: true });

function compareNaturally(left: string, right: string): number {
  // Names as t-1 and t-01 compare equal, and the order of completion must not decide.
  return collator.compare(left, right) || (left < right ? -1 : 1);
}
