import type { Executor, Interpreter, StartOptions, ToolDeclaration } from "@codeact/core";
import { RemotePlace } from "../remote/remote-place.js";
import { ForkServerKeeper } from "./fork-server/fork-server-keeper.js";
import type { InterpreterPlace } from "./interpreter-place.js";
import { LocalPlace } from "./local-place.js";
import { OpenInterpreters } from "../interpreter/open-interpreters.js";
import { type PythonInterpreter, startInPlace } from "./python-interpreter.js";
import {
  type PythonExecutorOptions,
  type PythonSettings,
  readPythonOptions,
} from "./python-options.js";

/**
 * Runs Python in local processes, one for each interpreter, with the rights of this process and a
 * minimal environment. **By default that is no sandbox**: the code can read and write what you can.
 * `sandbox: "strict"` confines it on Linux. With `command` the processes are where that command
 * leads, in a container for example.
 *
 * On Linux the processes are forked from one that has everything loaded: only the first start
 * takes as long as Python does, and a live interpreter can be forked. Without `preload` that one
 * ends some seconds after the last interpreter; with it, it stays until `close()`.
 *
 * A cell keeps its variables when it times out or is interrupted, unless it does not stop within
 * `interruptGraceMs`; its process is then killed. A process that dies is replaced by the next
 * `execute`, in the same workspace; where it died between two cells, that `execute` runs nothing
 * and reports the loss. `close()` ends a running cell with status `interrupted` and rejects
 * queued ones.
 *
 * Of more than `maxOutputBytes` of output the result keeps the first and the last half;
 * `onOutput` receives the first `maxOutputBytes` as they come.
 *
 * @example
 * ```ts
 * const executor = new PythonExecutor();
 * const python = await executor.start();
 * const result = await python.execute("sum(range(10))");
 * await executor.close();
 * ```
 */
export class PythonExecutor implements Executor {
  readonly name = "python";
  readonly #settings: PythonSettings;
  readonly #forkServer: ForkServerKeeper | undefined;
  readonly #interpreters: OpenInterpreters<PythonInterpreter>;
  #closed: Promise<void> | undefined;

  /** @throws CodeActError with code `invalid-option`. */
  constructor(options: PythonExecutorOptions = {}) {
    this.#settings = readPythonOptions(options);
    if (this.#settings.forkServer) this.#forkServer = new ForkServerKeeper(this.#settings);
    this.#interpreters = new OpenInterpreters("PythonExecutor", async (tools, signal, open) =>
      startInPlace(await this.#openPlace(tools), signal, open),
    );
  }

  /**
   * Starts an interpreter.
   * @throws CodeActError with code `executor-start` when Python cannot be used, `sandbox` when the
   * machine cannot confine it, `executor-closed` after `close()`; or `signal.reason` when aborted.
   */
  start(options: StartOptions = {}): Promise<Interpreter> {
    return this.#interpreters.start(options);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #openPlace(tools: readonly ToolDeclaration[]): Promise<InterpreterPlace> {
    const { command } = this.#settings;
    if (command === undefined) return LocalPlace.open(this.#settings, this.#forkServer, tools);
    return new RemotePlace({ ...this.#settings, command }, tools);
  }

  async #close(): Promise<void> {
    try {
      await this.#interpreters.close();
    } finally {
      await this.#forkServer?.close();
    }
  }
}
