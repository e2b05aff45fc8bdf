import { abortable } from "../../python/waiting.js";
import type { SessionProcess } from "../../python/session-process.js";
import type { WorkspaceCopy } from "./workspace-copy.js";

/** What a worker is told of its workspace. */
export interface WorkspacePlan {
  workspace: string;
  /** Bytes of all files that the host keeps a copy of. */
  maxWorkspaceBytes: number;
}

/** A worker with Python, which is nobody's until it is told whose files it has. */
export interface PyodideProcess extends SessionProcess {
  /** Called before its link is opened. */
  useFiles(files: WorkspaceCopy): void;
  /** Whether it may fail for its snapshot, and does not try without one by itself. */
  readonly dependsOnSnapshot?: boolean;
}

/** The same for all, so that a worker can start before it is known for whom. */
export const workspacePlan: WorkspacePlan = {
  workspace: "/workspace",
  maxWorkspaceBytes: 256 * 1_048_576,
};

/** How a process is started. */
export interface ProcessStart {
  /** Whether it may start from a snapshot, where there is one. */
  fromSnapshot: boolean;
  /** Gives the start up; nothing of it is left then. */
  signal: AbortSignal;
}

/** Workers for interpreters: some of them wait, started ahead. */
export class ReadyProcesses {
  readonly #count: number;
  readonly #start: (how: ProcessStart) => Promise<PyodideProcess>;
  #waiting: Promise<PyodideProcess | undefined>[] = [];
  readonly #closing = new AbortController();

  /** At most `count` wait. */
  constructor(count: number, start: (how: ProcessStart) => Promise<PyodideProcess>) {
    this.#count = count;
    this.#start = start;
  }

  /**
   * One that waits, or else a new one.
   * @throws CodeActError with code `executor-start`; or `signal.reason` when aborted.
   */
  async take(signal: AbortSignal): Promise<PyodideProcess> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const process = await this.#awaitSpare(next, signal);
      if (process === undefined || process.hasExited) continue;
      process.holdHost(true);
      return process;
    }
    return this.#begin({ fromSnapshot: true, signal });
  }

  /**
   * A new one that starts without a snapshot.
   * @throws CodeActError with code `executor-start`; or `signal.reason` when aborted.
   */
  startPlain(signal: AbortSignal): Promise<PyodideProcess> {
    return this.#begin({ fromSnapshot: false, signal });
  }

  /** Starts as many ahead as are to wait; called when one has shown that they can start. */
  refill(): void {
    while (!this.#closing.signal.aborted && this.#waiting.length < this.#count) {
      this.#waiting.push(this.#startAhead());
    }
  }

  /** Ends those that wait. */
  async discard(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    await Promise.all(waiting.map(async (process) => (await process)?.kill()));
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error("the executor is closed"));
    await this.discard();
  }

  async #begin(how: ProcessStart): Promise<PyodideProcess> {
    const process = await this.#start(how);
    if (!how.signal.aborted) return process;
    await process.kill();
    throw how.signal.reason;
  }

  /** Who gives it up while it starts leaves it to the next. */
  async #awaitSpare(
    spare: Promise<PyodideProcess | undefined>,
    signal: AbortSignal,
  ): Promise<PyodideProcess | undefined> {
    try {
      return await abortable(spare, signal);
    } catch (error) {
      if (this.#closing.signal.aborted) await (await spare)?.kill();
      else this.#waiting.unshift(spare);
      throw error;
    }
  }

  async #startAhead(): Promise<PyodideProcess | undefined> {
    try {
      const process = await this.#begin({ fromSnapshot: true, signal: this.#closing.signal });
      process.holdHost(false);
      return process;
    } catch {
      // The next start without one finds the same, and throws it.
      return undefined;
    }
  }
}
