import type { EvaluationReport } from "./report.js";
import { type ReportTable, tablesOf } from "./tables.js";
import { aboutIntervals, taskCount, titleOf } from "./wording.js";

/** The report as Markdown. */
export function renderMarkdown(report: EvaluationReport): string {
  const sections = tablesOf(report).flatMap((table) => [
    `## ${table.title}`,
    ...(table.rows.length > 0 ? [tableOf(table)] : [table.empty]),
    ...(table.rows.length > 0 && table.note !== undefined ? [table.note] : []),
  ]);
  return `${[`# ${titleOf(report)}`, conditions(report), ...sections].join("\n\n")}\n`;
}

function conditions({ tasks, faults, limits, sampling, settings }: EvaluationReport): string {
  const lines = [
    `${taskCount(tasks)}. ${aboutIntervals}`,
    ...Object.entries({ settings, limits, sampling })
      .filter(([, value]) => Object.keys(value).length > 0)
      .map(([name, value]) => `${name}: \`${JSON.stringify(value)}\``),
    ...(faults > 0
      ? [`**${faults} attempts have no result because of a fault.** Run again to make them.`]
      : []),
  ];
  return lines.map((line) => `- ${line}`).join("\n");
}

function tableOf({ head, rows }: ReportTable): string {
  const cell = (text: string): string =>
    text.replaceAll("|", String.raw`\|`).replaceAll(/\s+/g, " ");
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
