import type { JsonObject } from "@codeact/core";
import type { AttemptResult } from "../run/attempt-record.js";
import type { Evaluation } from "../run/journal-reader.js";
import type { Estimate } from "../statistics/bootstrap.js";
import type { FormatName } from "../suite/format.js";
import { compareFormats, type Comparison } from "./comparison.js";
import { figuresOf, type Figures, secondsOf } from "./figures.js";

/** What came out of an evaluation, as figures. It is plain JSON. */
export interface EvaluationReport {
  suite: string;
  settings: JsonObject;
  model: string;
  limits: JsonObject;
  sampling: JsonObject;
  /** How many different tasks were tried. */
  tasks: number;
  /** Attempts without a result, which count nowhere else. */
  faults: number;
  formats: FormatFigures[];
  families: FamilyFigures[];
  /** Each pair of formats, on the tasks that were tried in both. */
  comparisons: Comparison[];
  /** Seconds an attempt took, by format: the only figures that depend on the machine. */
  seconds: { format: FormatName; perAttempt: Estimate }[];
}

/** The figures of a format. */
export interface FormatFigures extends Figures {
  format: FormatName;
}

/** The figures of a format in one family of tasks. */
export interface FamilyFigures extends FormatFigures {
  family: string;
}

/**
 * Computes the figures of an evaluation.
 *
 * @example
 * ```ts
 * const report = makeReport(await readEvaluation("results/journal.jsonl"));
 * for (const { format, success } of report.formats) console.log(format, success.mean);
 * ```
 */
export function makeReport({ header, results, faults }: Evaluation): EvaluationReport {
  const { suite, settings, model, limits, sampling } = header;
  const byFormat = group(results, ({ format }) => format);
  const formats = [...byFormat].map(([format, own]) => ({ format, ...figuresOf(own) }));
  const families = [...group(results, ({ family }) => family)].flatMap(([family, members]) =>
    [...group(members, ({ format }) => format)].map(([format, own]) => ({
      family,
      format,
      ...figuresOf(own),
    })),
  );
  return {
    suite,
    settings,
    model,
    limits,
    sampling,
    tasks: new Set(results.map(({ task }) => task)).size,
    faults: faults.length,
    formats,
    families,
    comparisons: compareFormats(byFormat),
    seconds: [...byFormat].map(([format, own]) => ({ format, perAttempt: secondsOf(own) })),
  };
}

function group<TKey>(
  results: readonly AttemptResult[],
  keyOf: (result: AttemptResult) => TKey,
): Map<TKey, AttemptResult[]> {
  const groups = new Map<TKey, AttemptResult[]>();
  for (const result of results) {
    const members = groups.get(keyOf(result));
    if (members === undefined) groups.set(keyOf(result), [result]);
    else members.push(result);
  }
  return groups;
}
