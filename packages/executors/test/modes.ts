import type { Interpreter, StartOptions } from "@codeact/core";
import type { PythonExecutor, PythonExecutorOptions } from "../src/python/index.js";
import { newExecutor, startPython } from "./start-python.js";
import { wrappers } from "./wrappers.js";

/** A way in which processes are started, for `describe.each`. */
export interface Mode {
  mode: string;
  options: PythonExecutorOptions;
  newExecutor: (options?: PythonExecutorOptions) => PythonExecutor;
  startPython: (options?: PythonExecutorOptions, start?: StartOptions) => Promise<Interpreter>;
}

function modeOf(mode: string, inMode: PythonExecutorOptions): Mode {
  return {
    mode,
    options: inMode,
    newExecutor: (options) => newExecutor({ ...inMode, ...options }),
    startPython: (options, start) => startPython({ ...inMode, ...options }, start),
  };
}

export const forked = modeOf("forked", {});
const direct = modeOf("direct", { forkServer: false });
/** Not every machine has it; see `whyNoSandbox`. */
export const strict = modeOf("strict", { sandbox: "strict" });
export const wrapped = modeOf("wrapped", { command: wrappers.banner });

/** For what depends on how a process is started and ended. */
export const modes: readonly Mode[] = [forked, direct, wrapped];
