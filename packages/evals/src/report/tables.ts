import type { Estimate } from "../statistics/bootstrap.js";
import type { Difference } from "./comparison.js";
import type { EvaluationReport, FormatFigures } from "./report.js";
import { intervalOf, percent, pointsOf, rounded, showP, tokensOf } from "./wording.js";

/** A table of the report, to be rendered as Markdown or HTML. */
export interface ReportTable {
  title: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
  /** What it says where it has no rows. */
  empty: string;
  note?: string;
}

/** All figures of a report, as tables. Those of time come last: they differ from run to run. */
export function tablesOf(report: EvaluationReport): ReportTable[] {
  const empty = "There are no results.";
  return [
    {
      title: "Formats",
      head: ["format", ...figureHead],
      rows: report.formats.map((figures) => [figures.format, ...figureCells(figures)]),
      empty,
    },
    comparisonTable(report),
    {
      title: "Families",
      head: ["family", "format", ...figureHead],
      rows: report.families.map((figures) => [
        figures.family,
        figures.format,
        ...figureCells(figures),
      ]),
      empty,
    },
    {
      title: "How runs ended",
      head: ["format", "status", "runs"],
      rows: report.formats.flatMap(({ format, statuses }) =>
        Object.entries(statuses).map(([status, count]) => [format, status, String(count)]),
      ),
      empty,
    },
    {
      title: "Time",
      head: ["format", "seconds an attempt", "95 %"],
      rows: report.seconds.map(({ format, perAttempt }) => [format, ...withInterval(perAttempt)]),
      empty,
    },
  ];
}

const figureHead = [
  "success",
  "95 %",
  "turns",
  "95 %",
  "turns of successes",
  "tokens in",
  "tokens out",
  "tool calls",
  "failed actions",
];

function figureCells({
  success,
  turns,
  turnsOfSuccesses,
  tokens,
  ...rest
}: FormatFigures): string[] {
  return [
    percent(success.mean),
    intervalOf(success, percent),
    ...withInterval(turns),
    turnsOfSuccesses ? rounded(turnsOfSuccesses.mean) : "–",
    tokensOf(tokens.input, tokens.complete),
    tokensOf(tokens.output, tokens.complete),
    rounded(rest.toolCalls),
    percent(rest.failedActions),
  ];
}

const differenceHead = ["95 %", "p", "p, Holm"];

function comparisonTable({ comparisons }: EvaluationReport): ReportTable {
  const cells = ({ difference, p, correctedP }: Difference, show: (value: number) => string) => [
    show(difference.mean),
    intervalOf(difference, show),
    showP(p),
    showP(correctedP),
  ];
  return {
    title: "Comparisons",
    head: ["formats", "tasks", "success, points", ...differenceHead, "turns", ...differenceHead],
    rows: comparisons.map(({ left, right, tasks, success, turns }) => [
      `${left} − ${right}`,
      String(tasks),
      ...cells(success, pointsOf),
      ...cells(turns, rounded),
    ]),
    empty: "There is only one format.",
    note: "p is that of an exact paired sign-flip test, two-sided; for success without repeats that is McNemar's test.",
  };
}

function withInterval(estimate: Estimate): string[] {
  return [rounded(estimate.mean), intervalOf(estimate, rounded)];
}
