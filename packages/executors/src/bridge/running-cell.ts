import type { ExecuteOptions, ToolCallHandler } from "@codeact/core";
import { CellClock } from "./cell-clock.js";
import type { EncodedAnswer } from "./host-frame.js";
import { OutputCollector } from "./output-collector.js";
import type { DoneFrame } from "./runtime-frame.js";
import { ToolCalls } from "./tool-calls.js";

/** How a cell ended: the runtime said so, or its interpreter was lost. */
export type CellEnd = { type: "done"; done: DoneFrame } | { type: "lost"; reason: string };

/** Why the host ended a cell. */
export type StopReason = "timeout" | "interrupted";

/** What a running cell needs from the interpreter in which it runs. */
export interface CellSurroundings {
  /** Names of the declared tools. */
  toolNames: ReadonlySet<string>;
  /** What the host itself answers. */
  hostCalls?: ReadonlyMap<string, ToolCallHandler> | undefined;
  send(frame: EncodedAnswer): void;
  /** `onOutput` is ready for more. */
  onUnblocked(): void;
  /** The cell was told to stop. */
  onStop(): void;
}

/** The host's side of one cell while it runs. */
export class RunningCell {
  readonly number: number;
  readonly code: string;
  readonly output: OutputCollector;
  readonly calls: ToolCalls;
  readonly ended: Promise<CellEnd>;
  #resolve!: (end: CellEnd) => void;
  readonly #clock: CellClock;
  readonly #onStop: () => void;
  #stopReason: StopReason | undefined;
  #fault: { error: unknown } | undefined;

  constructor(
    number: number,
    code: string,
    options: ExecuteOptions,
    surroundings: CellSurroundings,
  ) {
    this.number = number;
    this.code = code;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#onStop = () => surroundings.onStop();
    this.#clock = new CellClock(options.timeoutMs, () => this.stop("timeout"));
    this.output = new OutputCollector(options, {
      onDrained: () => surroundings.onUnblocked(),
      onFault: (error) => {
        this.fail(error);
        this.stop("interrupted");
      },
    });
    this.calls = new ToolCalls({
      handler: options.onToolCall,
      names: surroundings.toolNames,
      hostCalls: surroundings.hostCalls,
      clock: this.#clock,
      send: (frame) => surroundings.send(frame),
      onFault: (error) => this.fail(error),
    });
  }

  /** Why the host ended it, if it did. */
  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  /** What the host's own handlers threw first. */
  get fault(): { error: unknown } | undefined {
    return this.#fault;
  }

  startClock(): void {
    this.#clock.start();
  }

  /** Asks the code to end. The first reason counts. */
  stop(reason: StopReason): void {
    if (this.#stopReason !== undefined) return;
    this.#stopReason = reason;
    this.#clock.stop();
    this.calls.end(`The cell was stopped (${reason}).`);
    this.output.release();
    this.#onStop();
  }

  /** Remembers that a handler of the host failed. */
  fail(error: unknown): void {
    this.#fault ??= { error };
  }

  /** Takes the end of the cell; only the first counts. */
  end(end: CellEnd): void {
    this.#clock.stop();
    this.calls.end("The cell that made this call has ended.");
    this.#resolve(end);
  }
}
