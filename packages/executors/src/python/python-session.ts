import {
  CodeActError,
  type ExecuteOptions,
  type ToolCallHandler,
  type ToolDeclaration,
} from "@codeact/core";
import type { ResourceLimits } from "../bridge/host-frame.js";
import { InterruptLadder } from "../bridge/interrupt-ladder.js";
import { type CellEnd, RunningCell } from "../bridge/running-cell.js";
import { RuntimeConnection } from "../bridge/runtime-connection.js";
import type { ForkedFrame } from "../bridge/runtime-frame.js";
import { ProtocolError } from "../bridge/protocol-error.js";
import type { SessionProcess } from "./session-process.js";

/** What a session needs. */
export interface PythonSessionOptions {
  tools: readonly ToolDeclaration[];
  interruptGraceMs: number;
  /** Calls that the host itself answers, whatever the tools of a cell are: their names are reserved. */
  hostCalls?: ReadonlyMap<string, ToolCallHandler>;
}

/** What a new process becomes a session with. */
export interface SessionBeginning {
  /** As the code sees it. */
  workspace: string;
  /** What it has not imported yet. */
  preload: readonly string[];
  limits: ResourceLimits;
}

/** One live Python process that speaks the runtime protocol; it runs one cell at a time. */
export class PythonSession {
  /** Settles when Python is ready for its first cell. */
  readonly ready: Promise<void>;
  readonly #process: SessionProcess;
  readonly #options: PythonSessionOptions;
  readonly #nonce = randomNonce();
  readonly #connection: RuntimeConnection;
  readonly #toolNames: ReadonlySet<string>;
  #lostReason: string | undefined;
  #cell: RunningCell | undefined;
  #ladder: InterruptLadder | undefined;
  #onForked: ((frame: ForkedFrame) => void) | undefined;
  #startErrors = "";

  /** Takes over the process, which waits for {@link begin} or {@link beginBranch}. */
  constructor(process: SessionProcess, options: PythonSessionOptions) {
    this.#process = process;
    this.#options = options;
    this.#toolNames = new Set(options.tools.map((tool) => tool.name));
    let onReady!: () => void;
    const ready = new Promise<void>((resolve) => {
      onReady = resolve;
    });
    this.#connection = new RuntimeConnection((sink) => this.#process.openLink(this.#nonce, sink), {
      onReady,
      onForked: (frame) => this.#takeForked(frame),
      onBroken: (reason) => void this.close(reason),
      onChannelEnd: () => this.#expectExit(),
    });
    this.#process.startErrors?.setEncoding("utf8").on("data", (text: string) => {
      this.#startErrors = (this.#startErrors + text).slice(-maxStartErrorCharacters);
    });
    const ended = this.#process.ended.then((end) => this.#finish(end));
    this.ready = Promise.race([ready, ended.then(() => Promise.reject(this.#startError()))]);
    this.ready.then(
      () => this.#process.holdHost(false),
      () => undefined,
    );
  }

  /** Makes a new process a session. */
  begin(beginning: SessionBeginning): void {
    const { tools } = this.#options;
    this.#connection.send({ type: "hello", nonce: this.#nonce, tools, ...beginning });
  }

  /** What is enforced against the code, in words. */
  get isolation(): readonly string[] {
    return this.#process.isolation ?? [];
  }

  /**
   * Shows a directory to the code, where something confines it.
   * @throws CodeActError with code `fork`.
   */
  async show(directory: string): Promise<void> {
    const problem = await this.#process.mount?.(directory);
    if (problem === undefined) return;
    throw new CodeActError("fork", `Cannot fork the interpreter into its sandbox: ${problem}.`);
  }

  /** Lets a branch begin, whose workspace is complete. */
  beginBranch(workspace: string): void {
    this.#connection.send({ type: "branch", nonce: this.#nonce, workspace });
  }

  /** Why the process is gone, or about to be. */
  get lostReason(): string | undefined {
    return this.#lostReason;
  }

  /** Makes a cell for {@link run}. */
  cell(number: number, code: string, options: ExecuteOptions): RunningCell {
    return new RunningCell(number, code, options, {
      toolNames: this.#toolNames,
      hostCalls: this.#options.hostCalls,
      send: (frame) => this.#connection.sendEncoded(frame),
      onUnblocked: this.#connection.resume,
      onStop: () => this.#stop(),
    });
  }

  /**
   * Runs a cell to its end.
   * @throws WireValueError when the code is longer than the protocol allows.
   */
  async run(cell: RunningCell): Promise<CellEnd> {
    this.#cell = cell;
    try {
      this.#connection.execute(cell);
      this.#process.holdHost(true);
      cell.startClock();
      const end = await cell.ended;
      // A process that is being killed takes its variables along, whatever it still said.
      if (this.#lostReason === undefined || end.type === "lost") return end;
      await this.#process.ended;
      return { type: "lost", reason: this.#lostReason };
    } finally {
      this.#ladder?.cancel();
      this.#ladder = undefined;
      this.#cell = undefined;
      this.#process.holdHost(false);
    }
  }

  /**
   * Forks the idle process. The branch still waits for {@link beginBranch}.
   * @throws CodeActError with code `fork`.
   */
  async fork(): Promise<PythonSession> {
    const process = this.#process.branch?.();
    if (process === undefined) throw new CodeActError("fork", "This process cannot fork.");
    const branch = new PythonSession(process, this.#options);
    try {
      const answer = await this.#askToFork();
      if (!answer.ok) {
        throw new CodeActError("fork", `Cannot fork the interpreter: ${answer.message}.`);
      }
      return branch;
    } catch (error) {
      await branch.close("its fork was given up");
      throw error;
    }
  }

  /** Kills the process and all that it started; a running cell is lost for `reason`. */
  async close(reason: string): Promise<void> {
    this.#lose(reason);
    this.#process.holdHost(true);
    await this.#process.kill();
  }

  /** Goes through the ways to end the running cell. */
  #stop(): void {
    const cell = this.#cell;
    if (cell === undefined || this.#lostReason !== undefined) return;
    this.#connection.resume();
    const { interruptGraceMs } = this.#options;
    this.#ladder = new InterruptLadder(interruptGraceMs, {
      ask: () => this.#connection.send({ type: "interrupt", cell: cell.number }),
      signal: () => this.#process.interrupt(),
      kill: () => void this.close(`killed, for it did not stop within ${interruptGraceMs} ms`),
    });
    if (this.#process.isDeafToFrames === true) this.#process.interrupt();
  }

  async #askToFork(): Promise<ForkedFrame> {
    try {
      return await new Promise<ForkedFrame>((resolve) => {
        this.#onForked = resolve;
        // A branch that ends tells nothing new: its source answers in every case.
        void this.#process.ended.then(() =>
          resolve({ type: "forked", ok: false, message: `it was lost (${this.#lostReason})` }),
        );
        this.#connection.send({ type: "fork" });
      });
    } finally {
      this.#onForked = undefined;
    }
  }

  #takeForked(frame: ForkedFrame): void {
    if (this.#onForked === undefined) throw new ProtocolError("nobody asked the runtime to fork");
    this.#onForked(frame);
  }

  /** A process that exits closes its channel first; its exit tells more. */
  #expectExit(): void {
    const timer = setTimeout(() => {
      if (!this.#process.hasExited) void this.close("it closed its channel to the host");
    }, exitMs);
    void this.#process.ended.then(() => clearTimeout(timer));
  }

  #lose(reason: string): void {
    this.#lostReason ??= reason;
    this.#cell?.output.release();
    this.#connection.stopFrames();
  }

  #finish(end: string): void {
    this.#connection.finish();
    this.#lostReason ??= end;
    this.#cell?.end({ type: "lost", reason: this.#lostReason });
  }

  #startError(): CodeActError {
    const said = `${this.#startErrors}\n${this.#connection.takeIdleText()}`.trim();
    const wrote = said === "" ? "It wrote nothing." : `It wrote: ${said.slice(-2000)}`;
    return new CodeActError(
      "executor-start",
      `Python ended before it was ready (${this.#lostReason}). ${wrote}`,
    );
  }
}

function randomNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const maxStartErrorCharacters = 4000;
/** How long after the end of its channel a process may take to exit. */
const exitMs = 200;
