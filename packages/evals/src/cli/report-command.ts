import { writeFile } from "node:fs/promises";
import path from "node:path";
import { CodeActError } from "@codeact/core";
import { renderHtml } from "../report/html/page.js";
import { renderMarkdown } from "../report/markdown.js";
import { makeReport } from "../report/report.js";
import { type Evaluation, readAttempts, readEvaluation } from "../run/journal-reader.js";
import { readArguments } from "./arguments.js";
import type { Terminal, TextStream } from "./terminal.js";

const usage = `codeact-eval report FOLDER: writes the reports of a run again.
`;

/** The journal in the folder of a run. */
export const journalName = "journal.jsonl";

/** `codeact-eval report`. */
export async function reportCommand(given: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(given, { help: { type: "boolean" } });
  if (args.flag("help")) {
    terminal.stdout.write(usage);
    return 0;
  }
  const [folder, ...others] = args.positionals;
  if (folder === undefined || others.length > 0) {
    throw new CodeActError("invalid-option", "Give the one folder that a run was written to.");
  }
  const evaluation = await readEvaluation(path.join(folder, journalName));
  await writeReports(folder, evaluation, terminal.stdout);
  return 0;
}

/** Writes the reports into the folder of a run, and shows the Markdown one. */
export async function writeReports(
  folder: string,
  evaluation: Evaluation,
  stream: TextStream,
): Promise<void> {
  const report = makeReport(evaluation);
  const markdown = renderMarkdown(report);
  await writeFile(path.join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(path.join(folder, "report.md"), markdown);
  const page = path.join(folder, "report.html");
  await writeFile(page, renderHtml(report, readAttempts(path.join(folder, journalName))));
  stream.write(`${markdown}\nWith every transcript: ${page}\n`);
}
