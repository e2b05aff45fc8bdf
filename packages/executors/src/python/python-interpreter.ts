import {
  CodeActError,
  type ExecuteOptions,
  type ExecutionResult,
  type ForkOptions,
  type Interpreter,
  type InterpreterCapabilities,
  type WorkspaceFiles,
} from "@codeact/core";
import { WireValueError } from "../bridge/values.js";
import type { CellEnd, RunningCell } from "../bridge/running-cell.js";
import { checkExecuteOptions } from "../interpreter/execute-options.js";
import type { InterpreterPlace, PlacedSession } from "./interpreter-place.js";
import { cellResult } from "../interpreter/cell-result.js";
import { notRun } from "../interpreter/not-run.js";
import { Turns } from "../interpreter/turns.js";
import type { PythonSession } from "./python-session.js";

const always = Object.freeze({
  threads: true,
  subprocess: true,
  interrupt: "keeps-state",
  concurrentToolCalls: true,
  backPressure: true,
  filesWhileBusy: true,
} satisfies Partial<InterpreterCapabilities>);

/** What an interpreter begins with, and owns from then on. */
export interface InterpreterBeginning extends PlacedSession {
  /** The number of the last cell in the session's memory. */
  lastCell: number;
}

/**
 * Starts the first session in a place, which is disposed of where that fails.
 * @throws CodeActError with code `executor-start`; or `signal.reason` when aborted.
 */
export async function startInPlace(
  place: InterpreterPlace,
  signal: AbortSignal,
  siblings: Set<PythonInterpreter>,
): Promise<PythonInterpreter> {
  try {
    const session = await place.startSession(signal);
    return new PythonInterpreter({ session, place, lastCell: 0 }, siblings);
  } catch (error) {
    // What could not be started is what the caller has to know.
    await place.dispose().catch(ignore);
    throw error;
  }
}

/** An interpreter of a `PythonExecutor`: a place, and one Python process after another there. */
export class PythonInterpreter implements Interpreter {
  readonly capabilities: InterpreterCapabilities;
  readonly files: WorkspaceFiles;
  readonly fork?: (options?: ForkOptions) => Promise<PythonInterpreter>;
  readonly #place: InterpreterPlace;
  readonly #siblings: Set<PythonInterpreter>;
  readonly #turns = new Turns();
  readonly #closing = new AbortController();
  /** None after a loss that was reported; the next cell starts another. */
  #session: PythonSession | undefined;
  #lastCell: number;
  #closed: Promise<void> | undefined;

  /** As long as it is open it is one of `siblings`. */
  constructor(
    { session, place, lastCell }: InterpreterBeginning,
    siblings: Set<PythonInterpreter>,
  ) {
    this.#session = session;
    this.#place = place;
    this.#lastCell = lastCell;
    this.#siblings = siblings.add(this);
    this.files = place.openFiles(this.#closing.signal);
    const { fork } = place;
    this.capabilities =
      place.capabilities ??
      Object.freeze({ ...always, fork: fork !== undefined, isolation: session.isolation });
    if (fork !== undefined) this.fork = (options) => this.#fork(fork, options);
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
      await this.#session?.close("it was reset");
      await this.#start();
    });
  }

  async #fork(
    fork: NonNullable<InterpreterPlace["fork"]>,
    { workspace = "copy" }: ForkOptions = {},
  ): Promise<PythonInterpreter> {
    if (workspace !== "copy" && workspace !== "share") {
      throw new CodeActError("invalid-option", 'fork: workspace must be "copy" or "share".');
    }
    if (this.state === "busy") {
      throw new CodeActError(
        "fork",
        "Cannot fork the interpreter: it is busy. Await what it is doing first.",
      );
    }
    return this.#turns.run(async () => {
      const session = this.#session ?? (await this.#start());
      const branch = await fork(session, workspace, this.#closing.signal);
      return new PythonInterpreter({ ...branch, lastCell: this.#lastCell }, this.#siblings);
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #execute(cell: number, code: string, options: ExecuteOptions): Promise<ExecutionResult> {
    const { signal } = options;
    if (signal?.aborted) return notRun(cell);
    const lostReason = this.#session?.lostReason;
    if (lostReason !== undefined) {
      this.#session = undefined;
      const reason = `${lostReason} between two cells`;
      return { ...notRun(cell), status: "crashed", state: "lost", lostReason: reason };
    }
    const start = (stopped: AbortSignal) => this.#start(stopped);
    const session = this.#session ?? (await this.#turns.start(start, signal));
    if (session === undefined) return notRun(cell);
    const running = session.cell(cell, code, options);
    const stop = () => running.stop("interrupted");
    try {
      return await this.#turns.stoppable(stop, signal, async () => {
        const startedAtMs = performance.now();
        const end = await session.run(running);
        return this.#result(running, end, performance.now() - startedAtMs);
      });
    } catch (error) {
      if (!(error instanceof WireValueError)) throw error;
      throw new CodeActError(
        "invalid-option",
        `execute: the code cannot be sent: ${error.message}.`,
      );
    }
  }

  async #result(cell: RunningCell, end: CellEnd, durationMs: number): Promise<ExecutionResult> {
    const result = await cellResult(cell, end, durationMs);
    // A loss is then told by the next cell.
    if (cell.fault !== undefined) throw cell.fault.error;
    if (end.type === "lost") this.#session = undefined;
    return result;
  }

  async #start(signal: AbortSignal = this.#closing.signal): Promise<PythonSession> {
    this.#session = undefined;
    this.#session = await this.#place.startSession(signal);
    return this.#session;
  }

  async #close(): Promise<void> {
    const error = new CodeActError(
      "executor-closed",
      "The Python interpreter is closed. Start another one.",
    );
    this.#closing.abort(error);
    this.#turns.close(error);
    await this.#session?.close("the interpreter was closed");
    await this.#turns.settled();
    try {
      // One that had just started when everything was told to end.
      await this.#session?.close("the interpreter was closed");
      await this.#place.dispose();
    } finally {
      this.#siblings.delete(this);
    }
  }
}

function ignore(): void {}
