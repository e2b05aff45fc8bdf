import { readdirSync, readFileSync } from "node:fs";
import type { Interpreter, StartOptions, ToolDeclaration } from "@codeact/core";
import { afterEach } from "vitest";
import { PythonExecutor, type PythonExecutorOptions } from "../src/python/index.js";

export { shown, textOf } from "./results.js";

const executors: PythonExecutor[] = [];

afterEach(async () => {
  await Promise.all(executors.splice(0).map((executor) => executor.close()));
});

/** An executor that is closed after the test. */
export function newExecutor(options: PythonExecutorOptions = {}): PythonExecutor {
  const executor = new PythonExecutor(options);
  executors.push(executor);
  return executor;
}

/** An interpreter that is closed after the test. */
export function startPython(
  options: PythonExecutorOptions = {},
  start: StartOptions = {},
): Promise<Interpreter> {
  return newExecutor(options).start(start);
}

/** The tool `call(value)`. */
export const callTool: ToolDeclaration = {
  name: "call",
  pythonName: "call",
  stub: "def call(value: object) -> object:\n    '''Calls the host.'''\n    ...\n",
  parameters: "value",
};

/** The live processes whose command line or environment holds `text`. */
export function processesWith(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => ["cmdline", "environ"].some((file) => holds(`/proc/${name}/${file}`, text)))
    .map(Number);
}

/** A zombie that this machine's first process has not reaped yet is as good as gone. */
export function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

function holds(file: string, text: string): boolean {
  try {
    return readFileSync(file, "latin1").includes(text);
  } catch {
    return false;
  }
}

/** Resolves when `isTrue` is; fails by the timeout of the test. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20));
}
