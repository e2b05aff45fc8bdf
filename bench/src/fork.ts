/*
 * Forked interpreters: start with and without a fork server against a fresh Python that imports
 * the same, fork() of live sessions by size, and the memory of many idle sessions.
 *
 *   node --expose-gc scripts/run-typescript.mjs bench/src/fork.ts
 *
 * PYTHON names the Python; it needs numpy and pandas. SESSIONS is the number of idle sessions.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Interpreter } from "@codeact/core";
import { PythonExecutor } from "@codeact/executors/python";
import { printFigures, printMachine } from "./support/report.js";
import { interleave, summarize, time } from "./support/statistics.js";

const python = process.env["PYTHON"] ?? "python3";
const sessions = Number(process.env["SESSIONS"] ?? 1000);
const libraries = ["numpy", "pandas"];

async function freshPython(program: string): Promise<void> {
  await new Promise((resolve, reject) => {
    const child = spawn(python, ["-I", "-c", program], { stdio: "ignore" });
    child.once("error", reject).once("exit", resolve);
  });
}

async function value(interpreter: Interpreter, code: string): Promise<string> {
  const { outputs, status, error } = await interpreter.execute(code);
  if (status !== "ok") throw new Error(error?.traceback ?? status);
  const [output] = outputs;
  return output?.type === "display" ? (output.data["text/plain"] as string) : "";
}

/** Memory of a process in megabytes that it shares with no other. */
function unsharedMb(pid: string | number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1]);
  return (kilobytes("Private_Clean") + kilobytes("Private_Dirty")) / 1024;
}

async function startAndClose(executor: PythonExecutor): Promise<void> {
  await (await executor.start()).close();
}

/** Only what a user waits for: the interpreter is closed outside of the measurement. */
function starting(executor: PythonExecutor, opened: Interpreter[]): () => Promise<void> {
  return async () => {
    opened.push(await executor.start());
  };
}

async function measureStarts(): Promise<void> {
  const direct = new PythonExecutor({ python, forkServer: false });
  const plain = new PythonExecutor({ python });
  const preloaded = new PythonExecutor({ python, preload: libraries });
  const strict = new PythonExecutor({ python, preload: libraries, sandbox: "strict" });
  const opened: Interpreter[] = [];
  // The first start has the server start too.
  const firstMs = await time(() => startAndClose(preloaded));
  const firstStrictMs = await time(() => startAndClose(strict));
  await startAndClose(plain);
  await startAndClose(direct);
  const starts = await interleave(15, {
    fresh: () => freshPython(`import ${libraries.join(", ")}`),
    bare: () => freshPython("pass"),
    first: async () => {
      const executor = new PythonExecutor({ python });
      opened.push(await executor.start());
    },
    direct: starting(direct, opened),
    forked: starting(plain, opened),
    preloaded: starting(preloaded, opened),
    strict: starting(strict, opened),
  });
  await Promise.all(opened.map((interpreter) => interpreter.close()));
  printFigures("Start until ready (bar: preloaded 20 × faster than fresh, aim 50 ×)", "ms", [
    { name: `python3 that imports ${libraries.join(", ")} (baseline)`, summary: starts.fresh },
    { name: "start() with preload", summary: starts.preloaded, baseline: starts.fresh },
    {
      name: 'start() with preload and sandbox: "strict"',
      summary: starts.strict,
      baseline: starts.fresh,
    },
    {
      name: "start(), fork server without preload",
      summary: starts.forked,
      baseline: starts.fresh,
    },
    { name: "the first start(), its fork server included", summary: starts.first },
    { name: "start() without a fork server", summary: starts.direct },
    { name: "python3 -I -c pass, until it has ended", summary: starts.bare },
    { name: "the first start() with preload", summary: summarize([firstMs]) },
    { name: "the first start() with both", summary: summarize([firstStrictMs]) },
  ]);
  const executors = [direct, plain, preloaded, strict];
  await Promise.all(executors.map((executor) => executor.close()));
}

async function measureForks(): Promise<void> {
  const executor = new PythonExecutor({ python, preload: libraries });
  const figures = [];
  for (const megabytes of [0, 10, 100, 1000]) {
    const source = await executor.start();
    const make = `import numpy\ndata = numpy.ones(${megabytes} * 125_000)\nNone`;
    await value(source, make);
    const makeMs: number[] = [];
    const forkMs: number[] = [];
    for (let round = 0; round < 15; round++) {
      const branches: Interpreter[] = [];
      forkMs.push(
        await time(async () => {
          const branch = await source.fork?.();
          if (branch !== undefined) branches.push(branch);
        }),
      );
      for (const branch of branches) await branch.close();
      makeMs.push(await time(() => value(source, "copied = data.copy(); del copied")));
    }
    figures.push(
      { name: `data.copy() of ${megabytes} MB in the session`, summary: summarize(makeMs) },
      { name: `fork() with ${megabytes} MB`, summary: summarize(forkMs) },
    );
    await source.close();
  }
  printFigures("fork() of a live session (bar 30 ms at 100 MB, aim 10 ms)", "ms", figures);
  await executor.close();
}

async function measureMemory(): Promise<void> {
  const own = new PythonExecutor({ python, forkServer: false });
  const lone = await own.start();
  const loneMb = unsharedMb(await value(lone, "import os; os.getpid()"));
  await own.close();
  const figures = [{ name: "a process by itself (baseline)", summary: summarize([loneMb]) }];
  for (const preload of [[], libraries]) {
    const executor = new PythonExecutor({ python, preload });
    const opened: Interpreter[] = [];
    const startMs = await time(async () => {
      for (let index = 0; index < sessions; index += 20) {
        const batch = Array.from({ length: Math.min(20, sessions - index) }, () =>
          executor.start(),
        );
        opened.push(...(await Promise.all(batch)));
      }
    });
    const pids = [];
    for (const each of opened) pids.push(await value(each, "import os; os.getpid()"));
    const name = `each of ${sessions}, preload [${preload.join(", ")}]`;
    figures.push({ name, summary: summarize(pids.map(unsharedMb)) });
    const closeMs = await time(() => executor.close());
    console.log(`${name}: started in ${startMs.toFixed(0)} ms, closed in ${closeMs.toFixed(0)} ms`);
  }
  printFigures("Unshared memory of idle sessions (bar 4 MB, aim 2.5 MB)", "MB", figures);
}

printMachine();
await measureStarts();
await measureForks();
await measureMemory();
