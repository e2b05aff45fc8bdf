import { setMaxListeners } from "node:events";
import {
  CodeActError,
  type Executor,
  type Interpreter,
  type StartOptions,
  type ToolDeclaration,
} from "@codeact/core";
import { RemotePlace } from "../remote/remote-place.js";
import { ForkServerKeeper } from "./fork-server/fork-server-keeper.js";
import type { InterpreterPlace } from "./interpreter-place.js";
import { LocalPlace } from "./local-place.js";
import { PythonInterpreter } from "./python-interpreter.js";
import {
  type PythonExecutorOptions,
  type PythonSettings,
  readPythonOptions,
} from "./python-options.js";

/**
 * Runs Python in local processes, one for each interpreter, with the rights of this process and a
 * minimal environment. **It is no sandbox**: the code can read and write what you can. With the
 * option `command` the processes are where that command leads, in a container for example.
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
  readonly #interpreters = new Set<PythonInterpreter>();
  readonly #starting = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  /** @throws CodeActError with code `invalid-option`. */
  constructor(options: PythonExecutorOptions = {}) {
    this.#settings = readPythonOptions(options);
    // Any number of starts may wait for it at once.
    setMaxListeners(0, this.#closing.signal);
    if (this.#settings.forkServer) this.#forkServer = new ForkServerKeeper(this.#settings);
  }

  /**
   * Starts an interpreter.
   * @throws CodeActError with code `executor-start` when Python cannot be used, `executor-closed`
   * after `close()`; or `signal.reason` when aborted.
   */
  async start(options: StartOptions = {}): Promise<Interpreter> {
    this.#closing.signal.throwIfAborted();
    options.signal?.throwIfAborted();
    const stopping = new AbortController();
    const release = [
      forwardAbort(this.#closing.signal, stopping),
      ...(options.signal === undefined ? [] : [forwardAbort(options.signal, stopping)]),
    ];
    const starting = this.#start(options, stopping.signal);
    this.#starting.add(starting);
    try {
      return await starting;
    } finally {
      this.#starting.delete(starting);
      for (const stop of release) stop();
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #start(options: StartOptions, signal: AbortSignal): Promise<PythonInterpreter> {
    const place = await this.#openPlace(options.tools ?? []);
    try {
      const session = await place.startSession(signal);
      return new PythonInterpreter({ session, place, lastCell: 0 }, this.#interpreters);
    } catch (error) {
      await place.dispose();
      throw error;
    }
  }

  async #openPlace(tools: readonly ToolDeclaration[]): Promise<InterpreterPlace> {
    const { command } = this.#settings;
    if (command === undefined) return LocalPlace.open(this.#settings, this.#forkServer, tools);
    return new RemotePlace({ ...this.#settings, command }, tools);
  }

  async #close(): Promise<void> {
    this.#closing.abort(
      new CodeActError("executor-closed", "The PythonExecutor is closed. Make another one."),
    );
    await Promise.allSettled(this.#starting);
    const closing = [...this.#interpreters].map((interpreter) => interpreter.close());
    const failed = (await Promise.allSettled(closing)).find((end) => end.status === "rejected");
    await this.#forkServer?.close();
    if (failed !== undefined) throw failed.reason;
  }
}

function forwardAbort(from: AbortSignal, to: AbortController): () => void {
  const forward = () => to.abort(from.reason);
  from.addEventListener("abort", forward, { once: true });
  return () => from.removeEventListener("abort", forward);
}
