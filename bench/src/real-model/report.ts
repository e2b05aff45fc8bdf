// How a small real model does in the code, JSON and text formats: a row for every task and format.
// node scripts/run-typescript.mjs bench/src/real-model/report.ts FILE.gguf [THREADS] [FORMAT...]
import { codeFormat, jsonFormat, messageText, textFormat } from "@codeact/core";
import { LlamaModel } from "@codeact/models/llama";
import { guardedPython } from "./guarded-python.js";
import { runTask, type TaskRun } from "./run-task.js";
import { tasks } from "./tasks.js";

const [file, threads = "2", ...names] = process.argv.slice(2);
if (file === undefined) throw new Error("Give a file, as scripts/fetch-test-model.mjs prints it.");
const formats = [codeFormat(), jsonFormat(), textFormat()].filter(
  ({ name }) => names.length === 0 || names.includes(name),
);

const model = await LlamaModel.load({
  model: file,
  threads: Number(threads),
  contextSize: 4096,
  // Every format keeps its own instructions evaluated.
  concurrency: formats.length,
});
const executor = guardedPython();
const solved = new Map(formats.map(({ name }) => [name, 0]));
try {
  console.log(`${model.id}\n`);
  console.log(
    "| task | format | solved | status | steps | tokens in (cached) | out | s | answer |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|");
  for (const task of tasks) {
    for (const actionFormat of formats) {
      const run = await runTask(task, { model, executor, actionFormat });
      if (run.solved) solved.set(actionFormat.name, (solved.get(actionFormat.name) ?? 0) + 1);
      console.log(row(run, actionFormat.name));
      if (process.env["SHOW_MESSAGES"]) showMessages(run);
    }
  }
  for (const [name, count] of solved) console.log(`\n${name}: ${count} of ${tasks.length} solved`);
} finally {
  await executor.close();
  await model.close();
}

function row(run: TaskRun, format: string): string {
  const cells = [
    run.task,
    format,
    run.solved ? "yes" : "no",
    run.status,
    run.steps,
    `${run.inputTokens} (${run.cachedInputTokens})`,
    run.outputTokens,
    (run.durationMs / 1000).toFixed(0),
    run.answer.replaceAll(/\s+/g, " ").replaceAll("|", "\\|").slice(0, 100),
  ];
  return `| ${cells.join(" | ")} |`;
}

function showMessages({ events }: TaskRun): void {
  for (const event of events) {
    if (event.type === "message") console.error(`\n--- ${messageText(event.message)}`);
    if (event.type === "observation") console.error(`\n<<< ${event.text}`);
  }
}
