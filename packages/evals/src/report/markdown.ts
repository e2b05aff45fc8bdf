import type { Estimate } from "../statistics/bootstrap.js";
import type { Difference } from "./comparison.js";
import { percent, pointsOf, rounded, showP, taskCount, titleOf, tokensOf } from "./wording.js";
import type { EvaluationReport, FormatFigures } from "./report.js";

/** The report as Markdown. */
export function renderMarkdown(report: EvaluationReport): string {
  return `${[
    `# ${titleOf(report)}`,
    conditions(report),
    "## Formats",
    table(
      [
        "format",
        "success",
        "95 %",
        "turns",
        "turns of successes",
        "tokens in",
        "tokens out",
        "tool calls",
        "failed actions",
      ],
      report.formats.map((figures) => [figures.format, ...formatCells(figures)]),
    ),
    "## Comparisons",
    comparisons(report),
    "## Families",
    table(
      ["family", "format", "success", "95 %", "turns"],
      report.families.map(({ family, format, success, turns }) => [
        family,
        format,
        percent(success.mean),
        interval(success, percent),
        rounded(turns.mean),
      ]),
    ),
    "## How runs ended",
    table(
      ["format", "status", "runs"],
      report.formats.flatMap(({ format, statuses }) =>
        Object.entries(statuses).map(([status, count]) => [format, status, String(count)]),
      ),
    ),
    "## Time",
    table(
      ["format", "seconds an attempt", "95 %"],
      report.seconds.map(({ format, perAttempt }) => [
        format,
        rounded(perAttempt.mean),
        interval(perAttempt, rounded),
      ]),
    ),
  ].join("\n\n")}\n`;
}

function conditions({ tasks, faults, limits, sampling, settings }: EvaluationReport): string {
  const lines = [
    `${taskCount(tasks)}. Intervals are of 95 %, by resampling of tasks; at 0 % and 100 % they are exact.`,
    ...Object.entries({ settings, limits, sampling })
      .filter(([, value]) => Object.keys(value).length > 0)
      .map(([name, value]) => `${name}: \`${JSON.stringify(value)}\``),
    ...(faults > 0
      ? [`**${faults} attempts have no result because of a fault.** Run again to make them.`]
      : []),
  ];
  return lines.map((line) => `- ${line}`).join("\n");
}

function formatCells({
  success,
  turns,
  turnsOfSuccesses,
  tokens,
  ...rest
}: FormatFigures): string[] {
  return [
    percent(success.mean),
    interval(success, percent),
    rounded(turns.mean),
    turnsOfSuccesses ? rounded(turnsOfSuccesses.mean) : "–",
    tokensOf(tokens.input, tokens.complete),
    tokensOf(tokens.output, tokens.complete),
    rounded(rest.toolCalls),
    percent(rest.failedActions),
  ];
}

function comparisons({ comparisons: pairs }: EvaluationReport): string {
  if (pairs.length === 0) return "There is only one format.";
  const cells = ({ difference, p, correctedP }: Difference, show: (value: number) => string) => [
    `${show(difference.mean)} [${show(difference.low)}, ${show(difference.high)}]`,
    showP(p),
    showP(correctedP),
  ];
  return [
    table(
      ["formats", "tasks", "success, points", "p", "p, Holm", "turns", "p", "p, Holm"],
      pairs.map(({ left, right, tasks, success, turns }) => [
        `${left} − ${right}`,
        String(tasks),
        ...cells(success, pointsOf),
        ...cells(turns, rounded),
      ]),
    ),
    "p is that of an exact paired sign-flip test, two-sided; for success without repeats that is McNemar's test.",
  ].join("\n\n");
}

function interval({ low, high }: Estimate, show: (value: number) => string): string {
  return `[${show(low)}, ${show(high)}]`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string =>
    text.replaceAll("|", String.raw`\|`).replaceAll(/\s+/g, " ");
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
