import { CodeActError } from "@codeact/core";
import type { FormatName } from "../suite/format.js";
import type { EvalTask, Suite } from "../suite/task.js";
import type { AttemptKey } from "./attempt-record.js";

/** One attempt that an evaluation has to make. */
export interface PlannedAttempt {
  task: EvalTask;
  key: AttemptKey;
}

/**
 * All attempts of an evaluation. Formats alternate, so that one that is broken off has measured all
 * of them alike.
 * @throws `CodeActError` with code `invalid-option`
 */
export function planAttempts(
  { name, tasks, formats: known }: Suite,
  formats: readonly FormatName[],
  repeats: number,
): PlannedAttempt[] {
  const unknown = formats.find((format) => !known.includes(format));
  if (unknown !== undefined) {
    throw invalid(`The suite "${name}" has no format "${unknown}". It has: ${known.join(", ")}.`);
  }
  if (formats.length === 0 || tasks.length === 0) {
    throw invalid("There is nothing to run: give at least one task and one format.");
  }
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw invalid(`repeats must be a whole number above 0, not ${repeats}.`);
  }
  return Array.from({ length: repeats }, (_, index) =>
    tasks.flatMap((task) =>
      formats.map((format) => ({
        task,
        key: { task: task.id, family: task.family, format, repeat: index + 1 },
      })),
    ),
  ).flat();
}

function invalid(message: string): CodeActError {
  return new CodeActError("invalid-option", message);
}
