import { CodeActError } from "../../errors/codeact-error.js";
import type { ExecutionResult } from "../../executor/execution-result.js";
import type {
  ExecuteOptions,
  ForkOptions,
  Interpreter,
  InterpreterCapabilities,
} from "../../executor/executor.js";
import type { WorkspaceFiles } from "../../executor/workspace-files.js";
import { abortable } from "../../async/abort.js";
import type { FakeCellHandler } from "./fake-cell.js";
import { FakeCellRun } from "./fake-cell-run.js";
import { InMemoryFiles } from "./in-memory-files.js";

/** What the interpreters of a fake executor share. */
export interface FakeInterpreterHost {
  readonly capabilities: InterpreterCapabilities;
  readonly interruptGraceMs: number;
  /** The handler for the next cell; throws when the script has no more. */
  takeHandler(code: string): FakeCellHandler;
  opened(interpreter: FakeInterpreter): void;
  closed(interpreter: FakeInterpreter): void;
}

/** The interpreter of a `FakeExecutor`. */
export class FakeInterpreter implements Interpreter {
  readonly capabilities: InterpreterCapabilities;
  readonly fork?: (options?: ForkOptions) => Promise<Interpreter>;
  readonly #host: FakeInterpreterHost;
  readonly #files: InMemoryFiles;
  #variables: Map<string, unknown>;
  readonly #closing = new AbortController();
  #tail: Promise<void> = Promise.resolve();
  #unfinished = 0;
  #cells: number;
  #calls = 0;
  #running: FakeCellRun | undefined;
  #runningEnded: Promise<unknown> = Promise.resolve();

  constructor(
    host: FakeInterpreterHost,
    files = new InMemoryFiles(),
    variables = new Map<string, unknown>(),
    cells = 0,
  ) {
    this.#host = host;
    this.#files = files;
    this.#variables = variables;
    this.#cells = cells;
    this.capabilities = host.capabilities;
    if (host.capabilities.fork) this.fork = (options) => this.#fork(options);
    host.opened(this);
  }

  get state(): "idle" | "busy" | "closed" {
    if (this.#closing.signal.aborted) return "closed";
    return this.#unfinished > 0 ? "busy" : "idle";
  }

  get files(): WorkspaceFiles {
    return this.#files;
  }

  async execute(code: string, options: ExecuteOptions = {}): Promise<ExecutionResult> {
    this.#closing.signal.throwIfAborted();
    this.#cells += 1;
    const cell = this.#cells;
    const turn = this.#takeTurn();
    try {
      const begins = await this.#begins(turn.begun, options.signal);
      if (!begins || options.signal?.aborted) return neverRun(cell);
      return await abortable(this.#run(code, cell, options), this.#closing.signal);
    } finally {
      turn.end();
    }
  }

  async interrupt(): Promise<void> {
    this.#running?.stop("interrupted");
    await this.#runningEnded;
  }

  async reset(): Promise<void> {
    this.#closing.signal.throwIfAborted();
    const turn = this.#takeTurn();
    try {
      await turn.begun;
      this.#variables = new Map();
    } finally {
      turn.end();
    }
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(
      new CodeActError("executor-closed", "The fake interpreter is closed. Start another one."),
    );
    this.#running?.abandon();
    this.#host.closed(this);
    await this.#runningEnded;
  }

  /** Waits for a turn; `false` if the signal ended the wait. */
  async #begins(turn: Promise<void>, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      await (signal ? abortable(turn, signal) : turn);
      return true;
    } catch (error) {
      this.#closing.signal.throwIfAborted();
      if (signal?.aborted) return false;
      throw error;
    }
  }

  async #run(code: string, cell: number, options: ExecuteOptions): Promise<ExecutionResult> {
    const run = new FakeCellRun({
      cell,
      code,
      handler: this.#host.takeHandler(code),
      execute: options,
      variables: this.#variables,
      files: this.#files,
      interruptGraceMs: this.#host.interruptGraceMs,
      backPressure: this.capabilities.backPressure,
      nextCallId: () => {
        this.#calls += 1;
        return `call_${this.#calls}`;
      },
    });
    this.#running = run;
    const result = run.run();
    this.#runningEnded = result.then(ignore, ignore);
    try {
      const { state } = await result;
      if (state === "lost") this.#variables = new Map();
      return await result;
    } finally {
      this.#running = undefined;
    }
  }

  /** A place in the queue: `begun` resolves in order, or rejects on close. */
  #takeTurn(): { begun: Promise<void>; end: () => void } {
    const before = this.#tail;
    let release = () => {};
    this.#tail = new Promise((resolve) => {
      release = resolve;
    });
    this.#unfinished += 1;
    return {
      begun: abortable(before, this.#closing.signal),
      end: () => {
        this.#unfinished -= 1;
        // One that gave up waiting must not let the next one overtake the running cell.
        void before.then(release);
      },
    };
  }

  async #fork(options: ForkOptions = {}): Promise<Interpreter> {
    this.#closing.signal.throwIfAborted();
    if (this.state === "busy") {
      throw new CodeActError("fork", "The fake interpreter is busy. Fork it between two cells.");
    }
    let variables: Map<string, unknown>;
    try {
      variables = structuredClone(this.#variables);
    } catch (cause) {
      throw new CodeActError(
        "fork",
        "A variable cannot be copied. Keep only values that structuredClone takes.",
        { cause },
      );
    }
    const files = options.workspace === "share" ? this.#files : this.#files.copy();
    return new FakeInterpreter(this.#host, files, variables, this.#cells);
  }
}

function ignore(): void {}

function neverRun(cell: number): ExecutionResult {
  return {
    status: "interrupted",
    state: "kept",
    cell,
    outputs: [],
    durationMs: 0,
    droppedBytes: 0,
  };
}
