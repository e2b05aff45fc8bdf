import { CodeActError } from "../../errors/codeact-error.js";
import type { ExecutionResult } from "../../executor/execution-result.js";
import type { ExecuteOptions } from "../../executor/executor.js";
import { abortable, delay } from "../../async/abort.js";
import type { FakeCell, FakeCellHandler } from "./fake-cell.js";
import { FakePythonError, keyboardInterrupt, pythonError } from "./fake-python-error.js";
import { CellEnd, FakeToolCalls } from "./fake-tool-calls.js";
import type { InMemoryFiles } from "./in-memory-files.js";
import { OutputSink } from "./output-sink.js";
import { PausableClock } from "./pausable-clock.js";

/** Everything that one fake cell needs. */
export interface FakeCellRunOptions {
  cell: number;
  code: string;
  handler: FakeCellHandler;
  execute: ExecuteOptions;
  variables: Map<string, unknown>;
  files: InMemoryFiles;
  interruptGraceMs: number;
  backPressure: boolean;
  nextCallId: () => string;
}

type Ending =
  | { type: "value"; value: unknown }
  | { type: "python-error"; error: FakePythonError }
  | { type: "crash"; reason: string }
  | { type: "ended-by-tool" }
  | { type: "fault"; error: unknown }
  | { type: "lost" };

class Crash extends Error {}

/** One cell of a fake interpreter, from its start to its result. */
export class FakeCellRun {
  readonly #options: FakeCellRunOptions;
  readonly #controller = new AbortController();
  readonly #sink: OutputSink;
  readonly #calls: FakeToolCalls;
  readonly #startedAt = performance.now();
  #clock: PausableClock | undefined;
  #graceTimer: ReturnType<typeof setTimeout> | undefined;
  #stopReason: "timeout" | "interrupted" | undefined;
  #handlerEnding: Ending | undefined;
  #end: (ending: Ending) => void = () => {};

  constructor(options: FakeCellRunOptions) {
    this.#options = options;
    const { maxOutputBytes = 1_000_000, onOutput, onToolCall } = options.execute;
    this.#sink = new OutputSink(maxOutputBytes, onOutput, options.backPressure);
    this.#calls = new FakeToolCalls(onToolCall, {
      nextId: options.nextCallId,
      pauseClock: () => this.#clock?.pause() ?? (() => {}),
      endCell: () => this.#end({ type: "ended-by-tool" }),
      fault: (error) => this.#end({ type: "fault", error }),
    });
  }

  async run(): Promise<ExecutionResult> {
    const { signal, timeoutMs } = this.#options.execute;
    const ended = new Promise<Ending>((resolve) => {
      this.#end = resolve;
    });
    const onAbort = () => this.stop("interrupted");
    signal?.addEventListener("abort", onAbort, { once: true });
    if (timeoutMs !== undefined) {
      this.#clock = new PausableClock(timeoutMs, () => this.stop("timeout"));
    }
    try {
      const ending = await Promise.race([ended, this.#runHandler()]);
      return await this.#result(ending);
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#clock?.stop();
      clearTimeout(this.#graceTimer);
      this.#calls.end("finished");
      this.#sink.close();
    }
  }

  /** Asks the handler to end, and gives it up after the grace. The first reason counts. */
  stop(reason: "timeout" | "interrupted"): void {
    if (this.#stopReason) return;
    this.#stopReason = reason;
    this.#clock?.stop();
    this.#graceTimer = setTimeout(
      () => this.#end(this.#handlerEnding ?? { type: "lost" }),
      this.#options.interruptGraceMs,
    );
    this.#controller.abort(keyboardInterrupt());
    this.#calls.end("stopped");
  }

  /** Gives the cell up at once, for the interpreter is closed. */
  abandon(): void {
    this.stop("interrupted");
    this.#end({ type: "lost" });
  }

  async #runHandler(): Promise<Ending> {
    const { handler, code } = this.#options;
    try {
      this.#handlerEnding = { type: "value", value: await handler(code, this.#context()) };
    } catch (error) {
      this.#handlerEnding = endingOf(error);
    }
    if (this.#handlerEnding.type === "value" && !this.#stopReason) {
      await this.#showResult(this.#handlerEnding.value);
    }
    await this.#sink.drained();
    return this.#handlerEnding;
  }

  #context(): FakeCell {
    const { cell, variables, files } = this.#options;
    const text = (stream: "stdout" | "stderr") => (line: string) =>
      this.#sink.push({ type: "text", stream, text: `${line}\n` });
    return {
      cell,
      variables,
      files,
      signal: this.#controller.signal,
      print: text("stdout"),
      printError: text("stderr"),
      display: (value) =>
        this.#sink.push({
          type: "display",
          source: "display",
          data: typeof value === "string" ? { "text/plain": value } : value,
        }),
      call: async (name, input) => {
        await this.#sink.drained();
        return this.#calls.call(name, input);
      },
      sleep: (durationMs) => sleep(durationMs, this.#controller.signal),
      crash: (reason = "crashed") => {
        throw new Crash(reason);
      },
    };
  }

  #showResult(value: unknown): Promise<void> {
    if (value === undefined || value === null) return Promise.resolve();
    const data = { "text/plain": textOf(value) };
    return this.#sink.push({ type: "display", source: "result", data });
  }

  async #result(ending: Ending): Promise<ExecutionResult> {
    const { cell, code } = this.#options;
    if (ending.type === "fault" && !this.#stopReason) throw fault(cell, ending.error);
    if (this.#sink.failure) throw fault(cell, this.#sink.failure.error);
    const facts = {
      cell,
      outputs: [...this.#sink.outputs],
      durationMs: performance.now() - this.#startedAt,
      droppedBytes: this.#sink.droppedBytes,
    };
    if (ending.type === "crash") {
      return { status: "crashed", state: "lost", lostReason: ending.reason, ...facts };
    }
    if (ending.type === "ended-by-tool") return { status: "ok", state: "kept", ...facts };
    const status = this.#stopReason;
    if (ending.type === "lost") {
      const lostReason = "the cell ignored its interrupt and was killed";
      return { status: status ?? "crashed", state: "lost", lostReason, ...facts };
    }
    if (status) return { status, state: "kept", ...facts };
    if (ending.type !== "python-error") return { status: "ok", state: "kept", ...facts };
    const error = pythonError(ending.error, cell, code);
    return { status: "error", state: "kept", error, ...facts };
  }
}

function endingOf(error: unknown): Ending {
  if (error instanceof FakePythonError) return { type: "python-error", error };
  if (error instanceof Crash) return { type: "crash", reason: error.message };
  if (error instanceof CellEnd) return { type: "ended-by-tool" };
  return { type: "fault", error };
}

function fault(cell: number, cause: unknown): CodeActError {
  if (CodeActError.isInstance(cause)) return cause;
  const what = cause instanceof Error ? cause.message : String(cause);
  return new CodeActError(
    "script",
    `Cell ${cell} of the fake executor failed in the code of the test: ${what} ` +
      "Throw FakePythonError for a Python exception.",
    { cause },
  );
}

/** Timers cannot wait for ever, so `Infinity` takes none. */
function sleep(durationMs: number, signal: AbortSignal): Promise<void> {
  if (Number.isFinite(durationMs)) return delay(durationMs, signal);
  return abortable(new Promise(() => {}), signal);
}

/** Strings and JSON as JSON, all else by `String`. */
function textOf(value: unknown): string {
  const json: string | undefined = JSON.stringify(value);
  return json ?? String(value);
}
