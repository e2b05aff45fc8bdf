/*
 * PyodideExecutor: start against Pyodide by itself in a worker thread; cells, tool calls and a
 * loop against the local Python.
 *
 *   npm run build && CODEACT_BUILT=1 node scripts/run-typescript.mjs bench/src/pyodide.ts
 */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { declareTools, type Interpreter, tool } from "@codeact/core";
import { PyodideExecutor } from "@codeact/executors/pyodide";
import { PythonExecutor } from "@codeact/executors/python";
import * as z from "zod";
import { printFigures, printMachine } from "./support/report.js";
import { interleave, summarize, time } from "./support/statistics.js";

const increment = tool({
  name: "increment",
  description: "Adds one.",
  inputSchema: z.object({ value: z.int() }),
  execute: ({ value }) => value + 1,
});

const cells = {
  cell: "1+1",
  call: "for _ in range(100): increment(1)",
  loop: "n = 0\nfor i in range(1_000_000): n += i\nn",
};

/** How long nothing happens before each start, in which a spare interpreter gets ready. */
const spareMs = 1500;

/** Pyodide without anything of ours, until it has run a cell. */
async function startPlain(): Promise<void> {
  const program = `
    const { parentPort, workerData: indexURL } = require("node:worker_threads");
    import(${JSON.stringify(import.meta.resolve("pyodide"))}).then(async ({ loadPyodide }) => {
      parentPort.postMessage((await loadPyodide({ indexURL })).runPython("1+1"));
    });`;
  const indexURL = path.dirname(fileURLToPath(import.meta.resolve("pyodide")));
  const worker = new Worker(program, { eval: true, workerData: indexURL });
  await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  await worker.terminate();
}

async function run(python: Interpreter, code: string): Promise<void> {
  const onToolCall = async () => ({ ok: true as const, value: 2 });
  const { status, error } = await python.execute(code, { onToolCall });
  if (status !== "ok") throw new Error(error?.traceback ?? status);
}

/** How long a loop goes on after it is interrupted. */
async function interruptMs(python: Interpreter): Promise<number> {
  let interrupted = 0;
  const result = await python.execute("print(1)\nwhile True: pass", {
    onOutput: () => {
      interrupted = performance.now();
      void python.interrupt();
    },
  });
  if (result.state !== "kept") throw new Error(result.lostReason);
  return performance.now() - interrupted;
}

async function startAndRun(executor: PyodideExecutor): Promise<void> {
  const python = await executor.start();
  await run(python, cells.cell);
  await python.close();
}

printMachine();
const processes = new PyodideExecutor();
const threads = new PyodideExecutor({ isolation: "worker" });
const spareProcesses = new PyodideExecutor({ spareInterpreters: 1 });
const spareThreads = new PyodideExecutor({ isolation: "worker", spareInterpreters: 1 });
const local = new PythonExecutor();
const firstMs = await time(() => startAndRun(processes));
console.log(
  `The first start, which makes the snapshot unless there is one: ${firstMs.toFixed(0)} ms\n`,
);

// The first starts no spare one before it is there itself.
await startAndRun(spareProcesses);
await startAndRun(spareThreads);
const starts = await interleave(
  9,
  {
    plain: startPlain,
    process: () => startAndRun(processes),
    worker: () => startAndRun(threads),
    spareProcess: () => startAndRun(spareProcesses),
    spareWorker: () => startAndRun(spareThreads),
  },
  spareMs,
);
await Promise.all([spareProcesses.close(), spareThreads.close()]);
printFigures("Start, a cell, close (bar: 5 × faster than plain, aim 10 ×)", "ms", [
  { name: "loadPyodide in a worker thread (baseline)", summary: starts.plain },
  { name: 'isolation: "process"', summary: starts.process, baseline: starts.plain },
  { name: 'isolation: "worker"', summary: starts.worker, baseline: starts.plain },
  {
    name: 'isolation: "process", spareInterpreters: 1',
    summary: starts.spareProcess,
    baseline: starts.plain,
  },
  {
    name: 'isolation: "worker", spareInterpreters: 1',
    summary: starts.spareWorker,
    baseline: starts.plain,
  },
]);

const tools = declareTools([increment]);
const pythons = {
  local: await local.start({ tools }),
  process: await processes.start({ tools }),
  worker: await threads.start({ tools }),
};
const titles = {
  cell: "Cell 1+1",
  call: "100 tool calls in a row",
  loop: "1,000,000 rounds of a loop",
};
for (const [name, code] of Object.entries(cells)) {
  const rounds = name === "loop" ? 10 : 100;
  for (const python of Object.values(pythons)) await run(python, code);
  const figures = await interleave(rounds, {
    local: () => run(pythons.local, code),
    process: () => run(pythons.process, code),
    worker: () => run(pythons.worker, code),
  });
  printFigures(titles[name as keyof typeof cells], "ms", [
    { name: "the local Python (baseline)", summary: figures.local },
    { name: 'isolation: "process"', summary: figures.process, baseline: figures.local },
    { name: 'isolation: "worker"', summary: figures.worker, baseline: figures.local },
  ]);
}
const interrupts = { local: [], process: [], worker: [] } as Record<keyof typeof pythons, number[]>;
for (let round = 0; round < 20; round++) {
  for (const name of ["local", "process", "worker"] as const) {
    interrupts[name].push(await interruptMs(pythons[name]));
  }
}
printFigures("Interrupt of a loop, until its result (bar: 50 ms)", "ms", [
  { name: "the local Python", summary: summarize(interrupts.local) },
  { name: 'isolation: "process"', summary: summarize(interrupts.process) },
  { name: 'isolation: "worker"', summary: summarize(interrupts.worker) },
]);
await Promise.all([processes.close(), threads.close(), local.close()]);
