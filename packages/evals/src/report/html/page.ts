import type { AttemptRecord } from "../../run/attempt-record.js";
import type { Estimate } from "../../statistics/bootstrap.js";
import type { EvaluationReport, FormatFigures } from "../report.js";
import { type ReportTable, tablesOf } from "../tables.js";
import { aboutIntervals, percent, rounded, taskCount, titleOf } from "../wording.js";
import { barChart, type BarGroup } from "./bar-chart.js";
import { escapeHtml } from "./escape.js";
import { scatterChart } from "./scatter-chart.js";
import { style } from "./style.js";
import { transcript } from "./transcript.js";

/**
 * The report as one HTML page with charts and every transcript. It loads nothing and runs no script,
 * which it forbids itself too, for transcripts hold what a model wrote. It comes in pieces,
 * for the whole can be large.
 *
 * @param attempts in any order; {@link readAttempts} gives them
 *
 * @example
 * ```ts
 * const journal = "results/journal.jsonl";
 * const report = makeReport(await readEvaluation(journal));
 * await writeFile("report.html", renderHtml(report, readAttempts(journal)));
 * ```
 */
export async function* renderHtml(
  report: EvaluationReport,
  attempts: AsyncIterable<AttemptRecord>,
): AsyncGenerator<string, void, undefined> {
  const title = escapeHtml(titleOf(report));
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
${conditions(report)}
${legend(report)}
<h2>Success and turns</h2>
<div class="charts">${charts(report)}</div>
${tablesOf(report).map(showTable).join("\n")}
<h2>Transcripts</h2>
`;
  let task: string | undefined;
  let number = 0;
  for await (const attempt of attempts) {
    if (attempt.task !== task) yield `<h3>${escapeHtml(attempt.task)}</h3>\n`;
    task = attempt.task;
    number += 1;
    yield transcript(attempt, `attempt-${number}`);
  }
  yield "</body>\n</html>\n";
}

function conditions({ tasks, faults, settings, limits, sampling }: EvaluationReport): string {
  const given = Object.entries({ ...settings, ...limits, ...sampling }).map(
    ([name, value]) => `${name} ${JSON.stringify(value)}`,
  );
  const lines = [
    `<p>${taskCount(tasks)}${given.length > 0 ? `; ${escapeHtml(given.join(", "))}` : ""}. ${aboutIntervals}</p>`,
  ];
  if (faults > 0) {
    lines.push(`<p class="bad">${faults} attempts have no result because of a fault.</p>`);
  }
  return lines.join("\n");
}

function legend({ formats }: EvaluationReport): string {
  const entries = formats.map(
    ({ format }) =>
      `<span><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${format}" width="10" height="10" rx="2"/></svg> ${format}</span>`,
  );
  return `<p class="legend">${entries.join("")}</p>`;
}

function charts(report: EvaluationReport): string {
  const groups = (figure: (figures: FormatFigures) => Estimate): BarGroup[] => {
    const bars = (members: readonly FormatFigures[]): BarGroup["bars"] =>
      members.map((figures) => ({ format: figures.format, estimate: figure(figures) }));
    const families = [...new Set(report.families.map(({ family }) => family))];
    return [
      { label: "all tasks", bars: bars(report.formats) },
      ...families.map((family) => ({
        label: family,
        bars: bars(report.families.filter((figures) => figures.family === family)),
      })),
    ];
  };
  const turns = groups((figures) => figures.turns);
  const highest = Math.max(
    ...turns.flatMap(({ bars }) =>
      bars.map(({ estimate: { mean, interval } }) => interval?.high ?? mean),
    ),
  );
  return [
    barChart({
      title: "Success",
      groups: groups(({ success }) => success),
      maximum: 1,
      show: percent,
    }),
    barChart({
      title: "Turns a task",
      groups: turns,
      maximum: Math.max(highest, 1),
      show: rounded,
    }),
    tokenChart(report),
  ].join("\n");
}

function tokenChart({ formats, families }: EvaluationReport): string {
  const title = "Success, %, against tokens";
  const points = [
    ...families.map((figures) => ({ ...figures, label: figures.family, isTotal: false })),
    ...formats.map((figures) => ({ ...figures, label: figures.format as string, isTotal: true })),
  ].map(({ label, format, isTotal, tokens, success }) => ({
    label,
    format,
    isTotal,
    tokens: tokens.input + tokens.output,
    success: success.mean,
  }));
  if (points.some(({ tokens }) => tokens > 0)) return scatterChart(title, points);
  return `<figure><figcaption>${title}</figcaption><p class="faint">The model reported no tokens.</p></figure>`;
}

function showTable({ title, head, rows, empty, note }: ReportTable): string {
  const row = (cells: readonly string[], tag: "th" | "td"): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  const heading = `<h2>${escapeHtml(title)}</h2>`;
  if (rows.length === 0) return `${heading}<p>${escapeHtml(empty)}</p>`;
  const body = `${row(head, "th")}${rows.map((cells) => row(cells, "td")).join("")}`;
  const below = note === undefined ? "" : `<p class="faint">${escapeHtml(note)}</p>`;
  return `${heading}<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(title)}"><table>${body}</table></div>${below}`;
}
