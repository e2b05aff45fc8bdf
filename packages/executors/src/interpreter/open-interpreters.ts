import {
  CodeActError,
  type Interpreter,
  type StartOptions,
  type ToolDeclaration,
} from "@codeact/core";

/** Starts an interpreter, which is one of `open` as long as it is open. */
type Begin<T> = (
  tools: readonly ToolDeclaration[],
  signal: AbortSignal,
  open: Set<T>,
) => Promise<T>;

/** The interpreters of an executor: starts them, and ends all of them with it. */
export class OpenInterpreters<T extends Interpreter> {
  readonly #executorName: string;
  readonly #begin: Begin<T>;
  readonly #open = new Set<T>();
  readonly #starting = new Map<AbortController, Promise<unknown>>();
  #closed: { error: CodeActError; done: Promise<void> } | undefined;

  /** `executorName` is for errors. */
  constructor(executorName: string, begin: Begin<T>) {
    this.#executorName = executorName;
    this.#begin = begin;
  }

  /**
   * Starts an interpreter.
   * @throws what it cannot be started for; CodeActError with code `executor-closed` after
   * `close()`; or `signal.reason` when aborted.
   */
  async start(options: StartOptions = {}): Promise<T> {
    if (this.#closed !== undefined) throw this.#closed.error;
    const { signal, tools = [] } = options;
    signal?.throwIfAborted();
    const stopping = new AbortController();
    const stop = () => stopping.abort(signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    const starting = this.#begin(tools, stopping.signal, this.#open);
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

  async #close(error: CodeActError): Promise<void> {
    const starting = [...this.#starting];
    for (const [stopping] of starting) stopping.abort(error);
    await Promise.allSettled(starting.map(([, started]) => started));
    const closing = [...this.#open].map((interpreter) => interpreter.close());
    const failed = (await Promise.allSettled(closing)).find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }
}
