import { PyodideInterpreters } from "../host/pyodide-interpreters.js";
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
export class PyodideExecutor extends PyodideInterpreters {
  /** @throws CodeActError with code `invalid-option`. */
  constructor(options: PyodideExecutorOptions = {}) {
    const settings = readPyodideOptions(options);
    super(settings, new BrowserWorkerStarter(settings));
  }
}
