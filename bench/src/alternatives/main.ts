/*
 * PythonExecutor side by side with what one would take instead: a Jupyter kernel through
 * jupyter_client, and the LocalPythonExecutor of smolagents, both from PyPI; Pyodide by itself.
 *
 *   npm run build
 *   CODEACT_BUILT=1 npm run bench:alternatives
 */
import type { Interpreter } from "@codeact/core";
import { PythonExecutor } from "@codeact/executors/python";
import { printFigures, printMachine } from "../support/report.js";
import { type Summary, summarize, time } from "../support/statistics.js";
import { Driver } from "./driver.js";
import { PlainPyodide } from "./plain-pyodide.js";

const names = ["forkServer", "direct", "jupyter", "smolagents", "pyodide"] as const;
type Name = (typeof names)[number];

const rounds = 15;
const cells = 200;
const loops = 5;
const loop = "total = 0\nfor i in range(50000):\n    total += i * i % 7\ntotal";
const loopResult = "100001";

const python = process.env["PYTHON"] ?? "python3";
const driver = new Driver(python);
const executors = {
  forkServer: new PythonExecutor({ python }),
  direct: new PythonExecutor({ python, forkServer: false }),
};
let pyodide: PlainPyodide | undefined;
const interpreters: Partial<Record<Name, Interpreter>> = {};

async function start(name: Name): Promise<number> {
  if (name === "jupyter" || name === "smolagents") return driver.time(name, "start");
  return time(async () => {
    if (name === "pyodide") pyodide = await PlainPyodide.start();
    else interpreters[name] = await executors[name].start();
  });
}

async function run(name: Name, code: string, expected: string): Promise<number> {
  if (name === "jupyter" || name === "smolagents") return driver.time(name, "run", code, expected);
  let shown: unknown;
  const milliseconds = await time(async () => {
    shown = name === "pyodide" ? await pyodide?.run(code) : await display(name, code);
  });
  if (shown !== expected) throw new Error(`${name} answered ${String(shown)}`);
  return milliseconds;
}

/** What a cell shows as its result. */
async function display(name: keyof typeof executors, code: string): Promise<unknown> {
  const result = await interpreters[name]?.execute(code);
  const last = result?.outputs.at(-1);
  return last?.type === "display" ? last.data["text/plain"] : undefined;
}

async function close(name: Name): Promise<void> {
  if (name === "jupyter" || name === "smolagents") await driver.time(name, "close");
  else if (name === "pyodide") await pyodide?.close();
  else await interpreters[name]?.close();
}

/** One after the other, A B C D A B C D …, so that a drift of the machine hits all alike. */
async function each(count: number, action: (name: Name) => Promise<number>) {
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < count; round++) {
    for (const name of names) times.get(name)?.push(await action(name));
  }
  return Object.fromEntries(
    names.map((name) => [name, summarize(times.get(name) ?? [])]),
  ) as Record<Name, Summary>;
}

function print(title: string, figures: Record<Name, Summary>): void {
  const baseline = figures.forkServer;
  printFigures(title, "ms", [
    { name: "PythonExecutor, fork server (baseline)", summary: baseline },
    { name: "PythonExecutor, direct", summary: figures.direct, baseline },
    { name: "Jupyter kernel, jupyter_client", summary: figures.jupyter, baseline },
    { name: "smolagents, LocalPythonExecutor", summary: figures.smolagents, baseline },
    { name: "Pyodide in a worker thread", summary: figures.pyodide, baseline },
  ]);
}

printMachine();
// Keeps the fork server up, as in a process that has interpreters at all times.
await executors.forkServer.start();
// The first start has the fork server start, and the imports of the driver read from the disk.
for (const name of names) {
  await start(name);
  await close(name);
}
print(
  "Start until ready",
  await each(rounds, async (name) => {
    const milliseconds = await start(name);
    await close(name);
    return milliseconds;
  }),
);
for (const name of names) await start(name);
print("A step: 1+1", await each(cells, (name) => run(name, "1+1", "2")));
print("A loop of 50,000 rounds", await each(loops, (name) => run(name, loop, loopResult)));
for (const name of names) await close(name);
driver.close();
await Promise.all(Object.values(executors).map((executor) => executor.close()));
