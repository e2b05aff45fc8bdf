import type { Executor, Interpreter, StartOptions } from "@codeact/core";
import { OpenInterpreters } from "../interpreter/open-interpreters.js";
import { type PythonInterpreter, startInPlace } from "../python/python-interpreter.js";
import { PyodidePlace } from "./host/pyodide-place.js";
import { ReadyProcesses, workspacePlan } from "./host/ready-processes.js";
import { NodeWorkerStarter } from "./node/node-worker-starter.js";
import { type PyodideExecutorOptions, readPyodideOptions } from "./pyodide-options.js";

/**
 * Runs Python in WebAssembly by the package `pyodide`, with no Python on the machine. One
 * interpreter is one worker, in a process of its own unless `isolation` is `"worker"`; its files
 * are in memory.
 *
 * Cells, tools, output and interrupts are those of `PythonExecutor`. Threads, processes and sockets
 * do not exist in WebAssembly; code that asks for them gets an exception.
 *
 * The first start on a machine takes some seconds, and leaves a snapshot from which others start
 * several times as fast. A worker that dies, or does not stop within `interruptGraceMs`, is replaced by
 * the next `execute`: variables are lost, files stay as they were when the code last called a tool
 * or ended a cell.
 *
 * @example
 * ```ts
 * const executor = new PyodideExecutor();
 * const python = await executor.start();
 * const result = await python.execute("sum(range(10))");
 * await executor.close();
 * ```
 */
export class PyodideExecutor implements Executor {
  readonly name = "pyodide";
  readonly #interpreters: OpenInterpreters<PythonInterpreter>;
  readonly #processes: ReadyProcesses;

  /** @throws CodeActError with code `invalid-option`. */
  constructor(options: PyodideExecutorOptions = {}) {
    const settings = readPyodideOptions(options);
    const starter = new NodeWorkerStarter(settings);
    const processes = new ReadyProcesses(settings.spareInterpreters, (how) =>
      starter.start(workspacePlan, how),
    );
    this.#processes = processes;
    this.#interpreters = new OpenInterpreters("PyodideExecutor", (tools, signal, open) =>
      startInPlace(new PyodidePlace(settings, tools, starter, processes), signal, open),
    );
  }

  /**
   * Starts an interpreter.
   * @throws CodeActError with code `executor-start` when Pyodide cannot be used, `sandbox` where
   * `confinement: "required"` cannot be had, `executor-closed` after `close()`; or `signal.reason` when aborted.
   */
  start(options: StartOptions = {}): Promise<Interpreter> {
    return this.#interpreters.start(options);
  }

  async close(): Promise<void> {
    await Promise.all([this.#interpreters.close(), this.#processes.close()]);
  }
}
