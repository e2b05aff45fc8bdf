// npm run demo [-- --local | --replay]: an agent explores a real data set, meets an error, repairs it,
// calls a tool in a loop, and gives a typed answer, which is then compared with one computed without
// it. choose-model.ts says which model.
import { readFile } from "node:fs/promises";
import type { AgentResult, Model } from "@codeact/core";
import type { PythonExecutor } from "@codeact/executors/python";
import { guardedPython } from "../guarded-python.js";
import { chooseModel } from "./choose-model.js";
import { computeAnswer, findMistakes } from "./expected-answer.js";
import { abortOnInterrupt } from "./interrupt.js";
import { type Answer, fileName, penguinAgent, task } from "./task.js";
import { formatCount, formatDuration, formatTokens } from "./terminal/format.js";
import { RunView } from "./terminal/run-view.js";
import { Screen } from "./terminal/screen.js";
import { wrapText } from "./terminal/wrap.js";

const screen = new Screen();
const { bold, dim, green, red } = screen.palette;

// A reader that leaves early, such as `head`, ends the demo and is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});
process.exitCode = await main();

async function main(): Promise<number> {
  const executor = guardedPython();
  const interrupt = abortOnInterrupt();
  try {
    return await runDemo(executor, interrupt.signal);
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    screen.print("", red(interrupt.signal.aborted ? "Aborted." : text));
    return interrupt.signal.aborted ? 130 : 1;
  } finally {
    interrupt.release();
    await executor.close();
  }
}

async function runDemo(executor: PythonExecutor, signal: AbortSignal): Promise<number> {
  const flags = process.argv.slice(2);
  const chosen = await chooseModel({ isWatched: screen.isTerminal, flags, signal });
  try {
    screen.print(...wrapText(chosen.description, screen.width).map(dim));
    return await runTask(chosen.model, executor, signal);
  } finally {
    await chosen.close();
  }
}

async function runTask(
  model: Model,
  executor: PythonExecutor,
  signal: AbortSignal,
): Promise<number> {
  screen.rule("Task");
  screen.print(...wrapText(task, screen.width));

  const csv = await readFile(new URL(`../../data/${fileName}`, import.meta.url), "utf8");
  const view = new RunView(screen);
  const started = performance.now();
  const result = await penguinAgent(model, executor).run(
    { text: task, files: { [fileName]: csv } },
    { signal, onEvent: (event) => view.show(event) },
  );
  return report(result, computeAnswer(csv), performance.now() - started);
}

/** Shows how the run ended; returns the exit code. */
function report(result: AgentResult<Answer>, expected: Answer, durationMs: number): number {
  const mistakes =
    result.status === "answered"
      ? showAnswer(result.output, expected)
      : [`the run ended without an answer: ${result.status}`];
  screen.print("", ...mistakes.map((mistake) => red(`✗ ${mistake}`)));
  if (mistakes.length === 0) {
    screen.print(green("✓ The same as TypeScript computes from the file without the agent."));
  }
  const facts = [
    formatCount(result.steps, "step"),
    formatTokens(result.usage),
    formatDuration(durationMs),
  ];
  screen.print(dim(facts.join(" · ")));
  return mistakes.length === 0 ? 0 : 1;
}

/** Shows an answer as a table; returns what is wrong with it. */
function showAnswer(answer: Answer, expected: Answer): string[] {
  screen.rule("Answer");
  screen.print(dim("island        mean mass     distance"));
  for (const { island, meanMassGrams, distanceKm } of answer) {
    const cells = [
      bold(island.padEnd(12)),
      `${meanMassGrams.toFixed(1)} g`.padStart(11),
      `${distanceKm.toFixed(1)} km`.padStart(13),
    ];
    screen.print(cells.join(""));
  }
  return findMistakes(answer, expected);
}
