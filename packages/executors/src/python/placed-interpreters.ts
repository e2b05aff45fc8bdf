import {
  CodeActError,
  type Interpreter,
  type StartOptions,
  type ToolDeclaration,
} from "@codeact/core";
import type { InterpreterPlace } from "./interpreter-place.js";
import { PythonInterpreter } from "./python-interpreter.js";

type OpenPlace = (tools: readonly ToolDeclaration[]) => Promise<InterpreterPlace>;

/** The interpreters of an executor, each in a place of its own. */
export class PlacedInterpreters {
  readonly #executorName: string;
  readonly #openPlace: OpenPlace;
  readonly #interpreters = new Set<PythonInterpreter>();
  readonly #starting = new Map<AbortController, Promise<unknown>>();
  #closed: { error: CodeActError; done: Promise<void> } | undefined;

  /** `executorName` is for errors. */
  constructor(executorName: string, openPlace: OpenPlace) {
    this.#executorName = executorName;
    this.#openPlace = openPlace;
  }

  /**
   * Starts an interpreter.
   * @throws CodeActError with code `executor-start` when there can be none, `executor-closed` after
   * `close()`; or `signal.reason` when aborted.
   */
  async start(options: StartOptions = {}): Promise<Interpreter> {
    if (this.#closed !== undefined) throw this.#closed.error;
    const { signal, tools = [] } = options;
    signal?.throwIfAborted();
    const stopping = new AbortController();
    const stop = () => stopping.abort(signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    const starting = this.#start(tools, stopping.signal);
    this.#starting.set(stopping, starting);
    try {
      return await starting;
    } finally {
      this.#starting.delete(stopping);
      signal?.removeEventListener("abort", stop);
    }
  }

  close(): Promise<void> {
    if (this.#closed === undefined) {
      const message = `The ${this.#executorName} is closed. Make another one.`;
      const error = new CodeActError("executor-closed", message);
      this.#closed = { error, done: this.#close(error) };
    }
    return this.#closed.done;
  }

  async #start(tools: readonly ToolDeclaration[], signal: AbortSignal): Promise<PythonInterpreter> {
    const place = await this.#openPlace(tools);
    try {
      const session = await place.startSession(signal);
      return new PythonInterpreter({ session, place, lastCell: 0 }, this.#interpreters);
    } catch (error) {
      // What could not be started is what the caller has to know.
      await place.dispose().catch(() => undefined);
      throw error;
    }
  }

  async #close(error: CodeActError): Promise<void> {
    const starting = [...this.#starting];
    for (const [stopping] of starting) stopping.abort(error);
    await Promise.allSettled(starting.map(([, started]) => started));
    const closing = [...this.#interpreters].map((interpreter) => interpreter.close());
    const failed = (await Promise.allSettled(closing)).find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }
}
