import { CodeActError, type Executor, type Interpreter, type StartOptions } from "@codeact/core";
import { JupyterInterpreter } from "./jupyter-interpreter.js";
import { type JupyterExecutorOptions, readJupyterOptions } from "./jupyter-options.js";
import { JupyterServer } from "./jupyter-server.js";
import { startKernelSession } from "./start-kernel-session.js";

/**
 * Runs cells in kernels of a Jupyter server: Jupyter Server, Kernel Gateway or Enterprise Gateway.
 * **What the code may do is up to the server**; this class confines nothing.
 *
 * Every interpreter has a kernel of its own, which is shut down when it closes; with `kernelId` it
 * works in one that runs already, and leaves it. A kernel that dies is replaced by the next
 * `execute`, in the same directory; where it died between two cells, that `execute` runs nothing
 * and reports the loss. A connection that breaks is restored: no output is missed, and no tool
 * runs twice.
 *
 * Tools, tracebacks and `files` need a Python kernel with ipykernel 6 or newer. Kernels of other
 * languages run plain cells.
 *
 * Runs in Node and in browsers. Node 20 needs the package `ws`.
 *
 * @example
 * ```ts
 * const executor = new JupyterExecutor({ baseUrl: "http://localhost:8888", token: "secret" });
 * const python = await executor.start();
 * const result = await python.execute("sum(range(10))");
 * await executor.close();
 * ```
 */
export class JupyterExecutor implements Executor {
  readonly name = "jupyter";
  readonly #server: JupyterServer;
  readonly #interpreters = new Set<JupyterInterpreter>();
  readonly #starting = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  /** @throws CodeActError with code `invalid-option`. */
  constructor(options: JupyterExecutorOptions) {
    this.#server = new JupyterServer(readJupyterOptions(options));
  }

  /**
   * Starts an interpreter.
   * @throws CodeActError with code `executor-start` when the server gives no kernel,
   * `unsupported` for tools in a kernel of another language, `executor-closed` after `close()`;
   * or `signal.reason` when aborted.
   */
  async start(options: StartOptions = {}): Promise<Interpreter> {
    this.#closing.signal.throwIfAborted();
    options.signal?.throwIfAborted();
    const stopping = new AbortController();
    const stop = (event: Event) => stopping.abort((event.target as AbortSignal).reason);
    const signals = [this.#closing.signal, ...(options.signal ? [options.signal] : [])];
    for (const signal of signals) signal.addEventListener("abort", stop, { once: true });
    const starting = this.#start(options, stopping.signal);
    this.#starting.add(starting);
    try {
      return await starting;
    } finally {
      this.#starting.delete(starting);
      for (const signal of signals) signal.removeEventListener("abort", stop);
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #start(options: StartOptions, signal: AbortSignal): Promise<JupyterInterpreter> {
    if (this.#server.settings.kernelId !== undefined && this.#interpreters.size > 0) {
      throw new CodeActError(
        "executor-start",
        "This JupyterExecutor has an interpreter in the kernel of the option `kernelId` already. " +
          "Close it first.",
      );
    }
    const plan = { server: this.#server, tools: options.tools ?? [], workspace: undefined };
    const session = await startKernelSession(plan, signal);
    return new JupyterInterpreter(session, plan, this.#interpreters);
  }

  async #close(): Promise<void> {
    this.#closing.abort(
      new CodeActError("executor-closed", "The JupyterExecutor is closed. Make another one."),
    );
    await Promise.allSettled(this.#starting);
    const closing = [...this.#interpreters].map((interpreter) => interpreter.close());
    const failed = (await Promise.allSettled(closing)).find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }
}
