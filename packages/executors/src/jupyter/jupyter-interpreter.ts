import {
  CodeActError,
  type ExecuteOptions,
  type ExecutionResult,
  type Interpreter,
  type InterpreterCapabilities,
  type WorkspaceFiles,
} from "@codeact/core";
import type { CellEnd, RunningCell } from "../bridge/running-cell.js";
import { checkExecuteOptions } from "../interpreter/execute-options.js";
import { cellResult } from "../interpreter/cell-result.js";
import { notRun } from "../interpreter/not-run.js";
import { Turns } from "../interpreter/turns.js";
import { ContentsFiles } from "./contents-files.js";
import type { ControlRequests } from "./control-requests.js";
import { KernelFiles } from "./kernel-files.js";
import type { KernelSession } from "./kernel-session.js";
import { type KernelPlan, startKernelSession } from "./start-kernel-session.js";

const pythonCapabilities: InterpreterCapabilities = Object.freeze({
  fork: false,
  threads: true,
  subprocess: true,
  interrupt: "keeps-state",
  concurrentToolCalls: false,
  backPressure: false,
  filesWhileBusy: true,
  isolation: Object.freeze([]),
});

const plainCapabilities: InterpreterCapabilities = Object.freeze({
  ...pythonCapabilities,
  threads: false,
  subprocess: false,
});

/** An interpreter of a `JupyterExecutor`: one kernel of the server after another. */
export class JupyterInterpreter implements Interpreter {
  readonly capabilities: InterpreterCapabilities;
  readonly files: WorkspaceFiles;
  readonly #plan: KernelPlan;
  readonly #siblings: Set<JupyterInterpreter>;
  readonly #turns = new Turns();
  readonly #closing = new AbortController();
  /** Kernels that are being shut down. */
  readonly #leaving = new Set<Promise<void>>();
  /** None after a loss; the next cell starts another. */
  #session: KernelSession | undefined;
  #starting: Promise<KernelSession> | undefined;
  /** A loss between two cells, which the next one reports. */
  #unreportedLoss: string | undefined;
  #workspace: string | undefined;
  #lastCell = 0;
  #closed: Promise<void> | undefined;

  /** As long as it is open it is one of `siblings`. */
  constructor(session: KernelSession, plan: KernelPlan, siblings: Set<JupyterInterpreter>) {
    this.#session = session;
    this.#plan = plan;
    this.#siblings = siblings.add(this);
    this.#workspace = session.workspace;
    const isPython = session.control !== undefined;
    this.capabilities = isPython ? pythonCapabilities : plainCapabilities;
    this.files = isPython
      ? new KernelFiles(() => this.#liveControl())
      : new ContentsFiles(plan.server, this.#closing.signal);
  }

  get state(): "idle" | "busy" | "closed" {
    if (this.#closed !== undefined) return "closed";
    return this.#turns.isBusy ? "busy" : "idle";
  }

  async execute(code: string, options: ExecuteOptions = {}): Promise<ExecutionResult> {
    checkExecuteOptions(code, options);
    const cell = ++this.#lastCell;
    const run = () => this.#execute(cell, code, options);
    return (await this.#turns.run(run, options.signal)) ?? notRun(cell);
  }

  interrupt(): Promise<void> {
    return this.#turns.interrupt();
  }

  async reset(): Promise<void> {
    await this.#turns.run(async () => {
      this.#noteLoss();
      const session = this.#session;
      this.#session = this.#unreportedLoss = undefined;
      if (session !== undefined) this.#leave(session.close("it was reset", "keep"));
      await this.#start(this.#closing.signal);
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #execute(cell: number, code: string, options: ExecuteOptions): Promise<ExecutionResult> {
    const { signal } = options;
    if (signal?.aborted) return notRun(cell);
    this.#noteLoss();
    if (this.#unreportedLoss !== undefined) {
      const lostReason = `${this.#unreportedLoss} between two cells`;
      this.#unreportedLoss = undefined;
      return { ...notRun(cell), status: "crashed", state: "lost", lostReason };
    }
    const start = (stopped: AbortSignal) => this.#start(stopped);
    const session = this.#session ?? (await this.#turns.start(start, signal));
    if (session === undefined) return notRun(cell);
    const running = session.cell(cell, code, options);
    const stop = () => running.stop("interrupted");
    return this.#turns.stoppable(stop, signal, async () => {
      const startedAtMs = performance.now();
      const end = await session.run(running);
      return this.#result(running, end, performance.now() - startedAtMs);
    });
  }

  async #result(cell: RunningCell, end: CellEnd, durationMs: number): Promise<ExecutionResult> {
    const result = await cellResult(cell, end, durationMs);
    if (end.type === "lost") this.#abandon(end.reason);
    if (cell.fault !== undefined) {
      if (end.type === "lost") this.#unreportedLoss = end.reason;
      throw cell.fault.error;
    }
    return result;
  }

  /** Takes notice of a kernel that was lost while no cell ran. */
  #noteLoss(): void {
    const lostReason = this.#session?.lostReason;
    if (lostReason === undefined) return;
    this.#abandon(lostReason);
    this.#unreportedLoss = lostReason;
  }

  /** Lets go of a lost kernel; what the server has made of it meanwhile is shut down. */
  #abandon(reason: string): void {
    const session = this.#session;
    this.#session = undefined;
    if (session !== undefined) this.#leave(session.close(reason, "keep"));
  }

  #leave(leaving: Promise<void>): void {
    // The server may be gone with the kernel; then there is nothing to shut down.
    const settled = leaving.catch(ignore).finally(() => this.#leaving.delete(settled));
    this.#leaving.add(settled);
  }

  async #start(signal: AbortSignal): Promise<KernelSession> {
    this.#starting ??= this.#startSession(signal).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #startSession(signal: AbortSignal): Promise<KernelSession> {
    const plan = { ...this.#plan, workspace: this.#workspace };
    const session = await startKernelSession(plan, signal);
    this.#session = session;
    this.#workspace = session.workspace;
    return session;
  }

  /** The kernel for a file operation. One that is lost is replaced, and the loss reported later. */
  async #liveControl(): Promise<ControlRequests> {
    this.#closing.signal.throwIfAborted();
    this.#noteLoss();
    const session = this.#session ?? (await this.#start(this.#closing.signal));
    if (session.control === undefined) throw new Error("the kernel speaks another language now");
    return session.control;
  }

  async #close(): Promise<void> {
    const error = new CodeActError(
      "executor-closed",
      "The Jupyter interpreter is closed. Start another one.",
    );
    this.#closing.abort(error);
    this.#turns.close(error);
    try {
      await this.#session?.close("the interpreter was closed", "remove");
      await this.#turns.settled();
      await this.#starting?.catch(ignore);
      // One that had just started when everything was told to end.
      await this.#session?.close("the interpreter was closed", "remove");
      await Promise.all(this.#leaving);
      await this.#plan.server.deleteLeftKernels();
    } finally {
      this.#siblings.delete(this);
    }
  }
}

function ignore(): void {}
