import {
  CodeActError,
  type Executor,
  type Interpreter,
  type StartOptions,
  type ToolDeclaration,
} from "@codeact/core";
import { OpenInterpreters } from "../interpreter/open-interpreters.js";
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
 * Runs in Node and in browsers. Node 20 needs the package `ws`; newer Node uses it where it is
 * installed, for its cells are faster on most servers.
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
  readonly #interpreters: OpenInterpreters<JupyterInterpreter>;

  /** @throws CodeActError with code `invalid-option`. */
  constructor(options: JupyterExecutorOptions) {
    this.#server = new JupyterServer(readJupyterOptions(options));
    this.#interpreters = new OpenInterpreters("JupyterExecutor", (tools, signal, open) =>
      this.#begin(tools, signal, open),
    );
  }

  /**
   * Starts an interpreter.
   * @throws CodeActError with code `executor-start` when the server gives no kernel,
   * `unsupported` for tools in a kernel of another language, `executor-closed` after `close()`;
   * or `signal.reason` when aborted.
   */
  start(options: StartOptions = {}): Promise<Interpreter> {
    return this.#interpreters.start(options);
  }

  async close(): Promise<void> {
    try {
      await this.#interpreters.close();
    } finally {
      await this.#server.deleteLeftKernels();
    }
  }

  async #begin(
    tools: readonly ToolDeclaration[],
    signal: AbortSignal,
    open: Set<JupyterInterpreter>,
  ): Promise<JupyterInterpreter> {
    if (this.#server.settings.kernelId !== undefined && open.size > 0) {
      throw new CodeActError(
        "executor-start",
        "This JupyterExecutor has an interpreter in the kernel of the option `kernelId` already. " +
          "Close it first.",
      );
    }
    const plan = { server: this.#server, tools, workspace: undefined };
    const session = await startKernelSession(plan, signal);
    return new JupyterInterpreter(session, plan, open);
  }
}
