import type { Executor, Interpreter, StartOptions } from "@codeact/core";
import { OpenInterpreters } from "../../interpreter/open-interpreters.js";
import { type PythonInterpreter, startInPlace } from "../../python/python-interpreter.js";
import type { PyodideSettings } from "../pyodide-options.js";
import { PyodidePlace, type WorkerStarter } from "./pyodide-place.js";

/** What `PyodideExecutor` is wherever it runs. */
export abstract class PyodideInterpreters implements Executor {
  readonly name = "pyodide";
  readonly #interpreters: OpenInterpreters<PythonInterpreter>;

  protected constructor(settings: PyodideSettings, starter: WorkerStarter) {
    this.#interpreters = new OpenInterpreters("PyodideExecutor", (tools, signal, open) =>
      startInPlace(new PyodidePlace(settings, tools, starter), signal, open),
    );
  }

  /**
   * Starts an interpreter.
   * @throws CodeActError with code `executor-start` when Pyodide cannot be used, `executor-closed`
   * after `close()`; or `signal.reason` when aborted.
   */
  start(options: StartOptions = {}): Promise<Interpreter> {
    return this.#interpreters.start(options);
  }

  close(): Promise<void> {
    return this.#interpreters.close();
  }
}
