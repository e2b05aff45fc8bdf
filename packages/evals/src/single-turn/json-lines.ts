import { CodeActError } from "@codeact/core";
import { z } from "zod";
import { fileLines } from "../lines/file-lines.js";

/**
 * Reads a file of JSON lines.
 * @throws `CodeActError` with code `invalid-option` when it cannot be read, or a line is not as it must be
 */
export async function readJsonLines<TRow>(file: string, schema: z.ZodType<TRow>): Promise<TRow[]> {
  const rows: TRow[] = [];
  let number = 0;
  try {
    for await (const { text } of fileLines(file)) {
      number += 1;
      if (text.trim() !== "") rows.push(readRow(text, schema, `Line ${number} of ${file}`));
    }
  } catch (cause) {
    if (CodeActError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`The tasks in ${file} cannot be read: ${reason}`, cause);
  }
  if (rows.length > 0) return rows;
  throw invalid(`There are no tasks in ${file}.`);
}

function readRow<TRow>(line: string, schema: z.ZodType<TRow>, where: string): TRow {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw invalid(`${where} is not JSON.`, cause);
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw invalid(`${where} is no such task: ${z.prettifyError(read.error)}`);
}

function invalid(message: string, cause?: unknown): CodeActError {
  return new CodeActError("invalid-option", message, { cause });
}
