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
}

/** Workers for interpreters: some of them wait, started ahead. */
export class ReadyProcesses {
  readonly #count: number;
  readonly #start: (how: ProcessStart) => Promise<PyodideProcess>;
  #waiting: Promise<PyodideProcess | undefined>[] = [];
  #isClosed = false;

  /** At most `count` wait. */
  constructor(count: number, start: (how: ProcessStart) => Promise<PyodideProcess>) {
    this.#count = count;
    this.#start = start;
  }

  /** One that waits, or else a new one. @throws CodeActError with code `executor-start`. */
  async take(): Promise<PyodideProcess> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const process = await next;
      if (process === undefined || process.hasExited) continue;
      process.holdHost(true);
      return process;
    }
    return this.#start({ fromSnapshot: true });
  }

  /** A new one that starts without a snapshot. @throws CodeActError with code `executor-start`. */
  startPlain(): Promise<PyodideProcess> {
    return this.#start({ fromSnapshot: false });
  }

  /** Starts as many ahead as are to wait; called when one has shown that they can start. */
  refill(): void {
    while (!this.#isClosed && this.#waiting.length < this.#count) {
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
    this.#isClosed = true;
    await this.discard();
  }

  async #startAhead(): Promise<PyodideProcess | undefined> {
    try {
      const process = await this.#start({ fromSnapshot: true });
      process.holdHost(false);
      return process;
    } catch {
      // The next start without one finds the same, and throws it.
      return undefined;
    }
  }
}
