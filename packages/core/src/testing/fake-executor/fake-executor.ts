import { CodeActError } from "../../errors/codeact-error.js";
import type {
  Executor,
  Interpreter,
  InterpreterCapabilities,
  StartOptions,
} from "../../executor/executor.js";
import type { ToolDeclaration } from "../../executor/tool-call.js";
import { abortable } from "../../async/abort.js";
import type { FakeCellHandler } from "./fake-cell.js";
import { FakeInterpreter } from "./fake-interpreter.js";

/** Options of {@link FakeExecutor}. */
export interface FakeExecutorOptions {
  /** @defaultValue `"fake"` */
  name?: string;
  /**
   * Overrides single capabilities. @defaultValue all that a fake can have: fork, concurrent tool
   * calls, back-pressure, files while busy, interrupts that keep the state
   */
  capabilities?: Partial<InterpreterCapabilities>;
  /** Thrown by every `start()`. */
  startError?: Error;
  /** `start()` waits for it. */
  startGate?: Promise<unknown>;
  /** How long a handler may ignore its signal before the state is lost. @defaultValue 500 */
  interruptGraceMs?: number;
}

/**
 * An executor without Python: TypeScript functions stand for the cells. One function runs for
 * every cell; of a list, each runs for one cell, in the order in which cells begin, shared by all
 * interpreters of the executor. A cell too many rejects with a `CodeActError` with code `script`.
 *
 * @example
 * ```ts
 * const executor = new FakeExecutor([
 *   async (code, { print, call }) => {
 *     await print(`Oslo has ${await call("get_weather", { city: "Oslo" })}`);
 *   },
 *   () => {
 *     throw new FakePythonError("KeyError", "'Rome'");
 *   },
 * ]);
 * ```
 */
export class FakeExecutor implements Executor {
  readonly name: string;
  readonly #cells: FakeCellHandler | readonly FakeCellHandler[];
  readonly #options: FakeExecutorOptions;
  readonly #open = new Set<FakeInterpreter>();
  readonly #executed: string[] = [];
  readonly #declaredTools: (readonly ToolDeclaration[])[] = [];
  #started = 0;
  #closed = false;

  constructor(
    cells: FakeCellHandler | readonly FakeCellHandler[],
    options: FakeExecutorOptions = {},
  ) {
    this.name = options.name ?? "fake";
    this.#cells = typeof cells === "function" ? cells : [...cells];
    this.#options = options;
  }

  /** The code of every cell that began, in order, of all interpreters. */
  get executed(): readonly string[] {
    return this.#executed;
  }

  /** The tools declared at each `start()`. */
  get declaredTools(): readonly (readonly ToolDeclaration[])[] {
    return this.#declaredTools;
  }

  /** How many interpreters were started, forks included. */
  get started(): number {
    return this.#started;
  }

  /** How many of them were closed; equal to `started` after a run without leaks. */
  get closed(): number {
    return this.#started - this.#open.size;
  }

  async start({ tools = [], signal }: StartOptions = {}): Promise<Interpreter> {
    signal?.throwIfAborted();
    this.#assertOpen();
    const { startGate } = this.#options;
    if (startGate) await (signal ? abortable(startGate, signal) : startGate);
    if (this.#options.startError) throw this.#options.startError;
    this.#assertOpen();
    this.#declaredTools.push(structuredClone(tools));
    return new FakeInterpreter({
      capabilities: {
        fork: true,
        threads: false,
        subprocess: false,
        interrupt: "keeps-state",
        concurrentToolCalls: true,
        backPressure: true,
        filesWhileBusy: true,
        isolation: [],
        ...this.#options.capabilities,
      },
      interruptGraceMs: this.#options.interruptGraceMs ?? 500,
      takeHandler: (code) => this.#takeHandler(code),
      opened: (interpreter) => {
        this.#started += 1;
        this.#open.add(interpreter);
      },
      closed: (interpreter) => this.#open.delete(interpreter),
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#open].map((interpreter) => interpreter.close()));
  }

  /**
   * Checks that every cell of a list ran.
   * @throws `CodeActError` with code `script` otherwise
   */
  assertDone(): void {
    if (typeof this.#cells === "function") return;
    const unused = this.#cells.length - this.#executed.length;
    if (unused <= 0) return;
    throw new CodeActError(
      "script",
      `${this.name}: ${unused} of ${this.#cells.length} scripted cells did not run. ` +
        "Remove them, or find out why the run ended early.",
    );
  }

  #takeHandler(code: string): FakeCellHandler {
    const index = this.#executed.length;
    this.#executed.push(code);
    if (typeof this.#cells === "function") return this.#cells;
    const handler = this.#cells[index];
    if (handler) return handler;
    throw new CodeActError(
      "script",
      `${this.name}: cell ${index + 1} came, but the script has ${this.#cells.length}. ` +
        `Add one, or find out why the run went on. Its code is:\n${code}`,
    );
  }

  #assertOpen(): void {
    if (this.#closed) {
      throw new CodeActError("executor-closed", `${this.name} is closed. Make a new executor.`);
    }
  }
}
