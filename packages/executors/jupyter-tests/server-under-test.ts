import { inspect } from "node:util";
import type { ExecutionResult, Interpreter, Output, ToolDeclaration } from "@codeact/core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { JupyterExecutor, type JupyterExecutorOptions } from "../src/jupyter/index.js";
import { FaultProxy } from "./fault-proxy.js";
import { JupyterProcess } from "./jupyter-process.js";
import { targets } from "./targets.js";
import { until } from "./until.js";

/** A tool with one parameter, whose meaning the test decides. */
export const echo: ToolDeclaration = {
  name: "echo",
  pythonName: "echo",
  stub: "from typing import Any\n\ndef echo(value: Any) -> Any: ...\n",
  parameters: "value",
};

/** The server on which most tests run; none where nothing could be installed. */
export const serverTarget = targets.find(({ kind }) => kind === "server");

/** All text that a cell put out. */
export function printed({ outputs }: ExecutionResult): string {
  return outputs.map((output) => (output.type === "text" ? output.text : "")).join("");
}

/** Does something once, as soon as a whole line of a cell's output has come: `onOutput` of it. */
export function afterFirstLine(act: () => void): (output: Output) => void {
  let text = "";
  return (output) => {
    if (text.includes("\n")) return;
    if (output.type === "text") text += output.text;
    if (text.includes("\n")) act();
  };
}

/**
 * A real server for the tests of a file, behind a proxy of each test's own. After each test nothing
 * may be left of what it started, and no result or error may have told the token.
 */
export class ServerUnderTest {
  readonly #options: readonly string[];
  #process: JupyterProcess | undefined;
  #proxy: FaultProxy | undefined;
  #executors: JupyterExecutor[] = [];
  /** All results and errors of the test, as a log would have them. */
  #said: string[] = [];

  /** Takes more options of the server's command line. */
  constructor(options: readonly string[] = []) {
    this.#options = options;
    beforeAll(() => this.#start(), 90_000);
    afterAll(() => this.#process?.stop(), 60_000);
    beforeEach(async () => {
      this.#proxy = await FaultProxy.start(this.process.port);
    });
    afterEach(() => this.#checkNothingIsLeft(), 90_000);
  }

  get process(): JupyterProcess {
    if (this.#process === undefined) throw new Error("The server did not start.");
    return this.#process;
  }

  get proxy(): FaultProxy {
    if (this.#proxy === undefined) throw new Error("The proxy did not start.");
    return this.#proxy;
  }

  /** An executor behind the proxy, closed after the test. */
  executor(options: Partial<JupyterExecutorOptions> = {}): JupyterExecutor {
    const { token } = this.process;
    const executor = new JupyterExecutor({ baseUrl: this.proxy.baseUrl, token, ...options });
    this.#executors.push(executor);
    const start = executor.start.bind(executor);
    executor.start = async (startOptions) => {
      const interpreter = await this.#overhear(start(startOptions));
      const execute = interpreter.execute.bind(interpreter);
      interpreter.execute = (...cell) => this.#overhear(execute(...cell));
      return interpreter;
    };
    return executor;
  }

  /** An interpreter with the tool `echo`. */
  start(options?: Partial<JupyterExecutorOptions>): Promise<Interpreter> {
    return this.executor(options).start({ tools: [echo] });
  }

  /** Runs with a kernel that somebody else started on the server. */
  async withForeignKernel(body: (id: string) => Promise<void>): Promise<void> {
    const response = await this.process.fetch("api/kernels", { method: "POST", body: "{}" });
    const { id } = (await response.json()) as { id: string };
    try {
      await body(id);
    } finally {
      await this.process.fetch(`api/kernels/${id}`, { method: "DELETE" });
    }
  }

  async #start(): Promise<void> {
    if (serverTarget === undefined) return;
    this.#process = await JupyterProcess.start({ ...serverTarget, options: this.#options });
  }

  async #overhear<T>(promise: Promise<T>): Promise<T> {
    const note = (said: unknown) => {
      this.#said.push(inspect(said, { depth: Infinity, maxStringLength: Infinity }));
    };
    return promise.then(
      (value) => {
        note(value);
        return value;
      },
      (error: unknown) => {
        note(error);
        throw error;
      },
    );
  }

  async #checkNothingIsLeft(): Promise<void> {
    try {
      for (const executor of this.#executors.splice(0)) await executor.close();
      await until(() => this.proxy.webSockets === 0, "the end of all websockets");
      expect(await this.process.kernels()).toEqual([]);
      expect(this.#said.splice(0).join("\n")).not.toContain(this.process.token);
    } finally {
      await this.proxy.close();
    }
  }
}
