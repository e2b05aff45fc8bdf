/*
 * The local Python executor: round trips against a bare pipe echo, start against a fresh Python,
 * and the host's memory under a flood of output.
 *
 *   node --expose-gc scripts/run-typescript.mjs bench/src/local.ts
 *
 * PYTHON names the Python on both sides.
 */
import { spawn } from "node:child_process";
import { PythonExecutor } from "@codeact/executors/python";
import { PipeEcho } from "./support/pipe-echo.js";
import { printFigures, printMachine } from "./support/report.js";
import { interleave, summarize, time } from "./support/statistics.js";

const python = process.env["PYTHON"] ?? "python3";

async function freshPython(): Promise<void> {
  await new Promise((resolve, reject) => {
    const child = spawn(python, ["-I", "-c", "print('ready')"], { stdio: "ignore" });
    child.once("error", reject);
    child.once("exit", resolve);
  });
}

printMachine();
const executor = new PythonExecutor({ python });
const interpreter = await executor.start();
const echo = new PipeEcho(python);

for (let round = 0; round < 100; round++) {
  await echo.roundTrip();
  await interpreter.execute("1+1");
}

const cells = await interleave(1000, {
  echo: () => echo.roundTrip(),
  cell: () => interpreter.execute("1+1"),
  print: () => interpreter.execute("print(1)"),
});
printFigures("Round trip of a cell (bar 3 ×, aim 1.5 ×)", "ms", [
  { name: "bare pipe echo (baseline)", summary: cells.echo },
  { name: "cell 1+1", summary: cells.cell, baseline: cells.echo },
  { name: "cell print(1)", summary: cells.print, baseline: cells.echo },
]);

const starts = await interleave(15, {
  python: freshPython,
  start: async () => {
    const fresh = await executor.start();
    await fresh.execute("1");
    await fresh.close();
  },
});
printFigures("Start, first cell and end", "ms", [
  { name: "python3 -I -c (baseline)", summary: starts.python },
  { name: "executor.start, one cell, close", summary: starts.start, baseline: starts.python },
]);

const flood = "import os\nchunk = b'x' * 65536\nfor _ in range(16384): os.write(1, chunk)";
globalThis.gc?.();
const before = process.memoryUsage().rss;
let peak = before;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 5);
const floodMs = await time(() => interpreter.execute(flood));
clearInterval(watch);
printFigures("1 GiB of stdout (bar +50 MB of host memory)", "", [
  { name: "growth of the host's memory, MB", summary: summarize([(peak - before) / 1e6]) },
  { name: "throughput, GB/s", summary: summarize([(16384 * 65536) / 1e6 / floodMs]) },
]);

await echo.close();
await executor.close();
