/*
 * Synchronous tool calls against a bare pipe echo, for each way in which the host and Python can
 * share the machine. Where the system decides, an echo often finds both on one core, which spares
 * it the waking of another; to compare like with like, both are then tied to cores. Linux only,
 * for `taskset`.
 *
 *   node scripts/run-typescript.mjs bench/src/tool-calls.ts
 *
 * PYTHON names the Python on both sides.
 */
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { declareTools, tool } from "@codeact/core";
import { PythonExecutor } from "@codeact/executors/python";
import * as z from "zod";
import { PipeEcho } from "./support/pipe-echo.js";
import { printFigures, printMachine } from "./support/report.js";
import { interleave, type Summary } from "./support/statistics.js";

const increment = tool({
  name: "increment",
  description: "Adds one.",
  inputSchema: z.object({ value: z.int() }),
  execute: ({ value }) => value + 1,
});
const calls = 100;
const callCell = `for _ in range(${calls}): increment(1)`;
const onToolCall = async () => ({ ok: true as const, value: 2 });

const python = process.env["PYTHON"] ?? "python3";
const executor = new PythonExecutor({ python });
const interpreter = await executor.start({ tools: declareTools([increment]) });
const echo = new PipeEcho(python);

async function pidOfInterpreter(): Promise<number> {
  const { outputs } = await interpreter.execute("import os; print(os.getpid())");
  const [output] = outputs;
  if (output?.type !== "text") throw new Error("the interpreter did not print its process id");
  return Number(output.text);
}

/** Ties all threads of a process to some cores. */
function place(pid: number, cores: string): void {
  execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", cores, String(pid)]);
}

function ofOne(summary: Summary): Summary {
  const { median, minimum, maximum, count } = summary;
  return {
    median: median / calls,
    minimum: minimum / calls,
    maximum: maximum / calls,
    count,
  };
}

async function measure(title: string): Promise<void> {
  const batches = await interleave(150, {
    echo: async () => {
      for (let index = 0; index < calls; index++) await echo.roundTrip();
    },
    call: () => interpreter.execute(callCell, { onToolCall }),
  });
  const baseline = ofOne(batches.echo);
  printFigures(`${title}, ${calls} in a row (bar 2 ×, aim 1 ×)`, "ms", [
    { name: "bare pipe echo (baseline)", summary: baseline },
    { name: "tool call", summary: ofOne(batches.call), baseline },
  ]);
}

printMachine();
const children = [await pidOfInterpreter(), echo.pid];
for (let round = 0; round < 50; round++) {
  await echo.roundTrip();
  await interpreter.execute(callCell, { onToolCall });
}
await measure("Where the system puts them");
if (cpus().length > 1) {
  place(process.pid, "0");
  for (const pid of children) place(pid, "1");
  await measure("The host on one core, Python on another");
}
place(process.pid, "0");
for (const pid of children) place(pid, "0");
await measure("Both on one core");

await echo.close();
await executor.close();
