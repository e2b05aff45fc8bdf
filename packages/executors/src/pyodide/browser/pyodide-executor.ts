import type { Executor, Interpreter, StartOptions } from "@codeact/core";
import { OpenInterpreters } from "../../interpreter/open-interpreters.js";
import { type PythonInterpreter, startInPlace } from "../../python/python-interpreter.js";
import { PyodidePlace } from "../host/pyodide-place.js";
import { ReadyProcesses, workspacePlan } from "../host/ready-processes.js";
import { type PyodideExecutorOptions, readPyodideOptions } from "../pyodide-options.js";
import { BrowserWorkerStarter } from "./browser-worker-starter.js";

/**
 * Runs Python in WebAssembly, in web workers of a page: what `PyodideExecutor` is where a bundler
 * builds for browsers. One interpreter is one worker; its files are in memory.
 *
 * In a cross-origin isolated page it is as in Node. Elsewhere the browser needs JavaScript Promise
 * Integration, and a time-out ends code that does not wait for anything with the worker.
 *
 * @example
 * ```ts
 * const executor = new PyodideExecutor({ indexUrl: "/pyodide/" });
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
    const starter = new BrowserWorkerStarter(settings);
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
   * @throws CodeActError with code `executor-start` when Pyodide cannot be used in this page,
   * `executor-closed` after `close()`; or `signal.reason` when aborted.
   */
  start(options: StartOptions = {}): Promise<Interpreter> {
    return this.#interpreters.start(options);
  }

  async close(): Promise<void> {
    await Promise.all([this.#interpreters.close(), this.#processes.close()]);
  }
}
