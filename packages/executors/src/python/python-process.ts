import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import type { InputSink } from "../bridge/runtime-link.js";
import { StreamLink } from "../bridge/stream-link.js";
import { onHostExit } from "./exit-hook.js";
import { bootstrapProgram, type RuntimeEntry, runtimePayload } from "../runtime-source.js";
import type { SessionProcess } from "./session-process.js";
import { descendantsOf, processesWithVariable, sendSignal } from "./process-tree.js";

/** How to start a Python process. */
export interface PythonProcessOptions {
  path: string;
  /** What it is to be. */
  entry: RuntimeEntry;
  environment: Readonly<Record<string, string>>;
  workingDirectory: string;
  /** Whether the host kills it when it exits without closing; else it must see its channel end. */
  killAtHostExit: boolean;
}

/** Marks everything that an interpreter starts, so that it can be found when that ends. */
const idVariable = "CODEACT_INTERPRETER_ID";
/** How long streams may stay open after the exit: an escaped descendant can hold them. */
const drainMs = 250;
const maxSweeps = 5;

/** One Python process in a process group of its own, and what it started. */
export class PythonProcess implements SessionProcess {
  /** Frames: descriptor 3 of the process. */
  readonly channel: Socket;
  /** Standard output, and standard error once the runtime has joined them. */
  readonly output: Socket;
  /** Standard error while Python itself starts. */
  readonly startErrors: Socket;
  /**
   * Settles when the process and all that it started is gone, and what it wrote is read. Tells how
   * it ended, for example `killed by SIGSEGV`.
   */
  readonly ended: Promise<string>;
  /** The names of its environment variables. */
  readonly variables: readonly string[];
  readonly #child: ChildProcess;
  readonly #variable: string;
  #hasExited = false;

  constructor(options: PythonProcessOptions) {
    const id = randomUUID();
    this.#variable = `${idVariable}=${id}`;
    const environment = { ...options.environment, [idVariable]: id };
    this.variables = Object.keys(environment);
    this.#child = spawn(options.path, ["-I", "-c", bootstrapProgram], {
      cwd: options.workingDirectory,
      env: environment,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      detached: true,
    });
    const exit = this.#exit();
    // Missing when the host has no descriptors left; the child's `error` event says so too.
    if (this.#child.stdio === undefined) throw new Error("too many open files");
    const [, output, startErrors, channel] = this.#child.stdio;
    this.output = output as Socket;
    this.startErrors = startErrors as Socket;
    this.channel = channel as Socket;
    for (const stream of this.#streams) stream.unref();
    this.ended = this.#watch(exit);
    if (options.killAtHostExit) {
      const forget = onHostExit(() => this.#signalGroup("SIGKILL"));
      void this.ended.then(forget);
    }
    this.channel.write(runtimePayload(options.entry));
  }

  /** Whether the process itself has ended; what it started may live for a moment. */
  get hasExited(): boolean {
    return this.#hasExited;
  }

  openLink(nonce: string, sink: InputSink): StreamLink {
    return new StreamLink(this, nonce, sink);
  }

  /** Keeps the host's event loop alive, or not any more. */
  holdHost(hold: boolean): void {
    if (hold) this.#child.ref();
    else this.#child.unref();
  }

  /** Sends SIGINT to the process and its children. */
  interrupt(): void {
    this.#signalGroup("SIGINT");
  }

  /** Kills the process and all that it started. */
  async kill(): Promise<void> {
    const { pid } = this.#child;
    // Looked up first: orphans have another parent.
    const descendants = pid === undefined || this.#hasExited ? [] : await descendantsOf(pid);
    this.#signalGroup("SIGKILL");
    for (const descendant of descendants) sendSignal(descendant, "SIGKILL");
    await this.ended;
  }

  get #streams(): readonly Socket[] {
    return [this.channel, this.output, this.startErrors];
  }

  #signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#hasExited) return;
    sendSignal(-pid, signal);
  }

  async #watch(exit: Promise<string>): Promise<string> {
    const closed = new Promise<void>((resolve) => {
      this.#child.once("close", () => resolve());
    });
    const end = await exit;
    await this.#sweep();
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, drainMs);
    });
    await Promise.race([closed, timedOut]);
    clearTimeout(timer);
    for (const stream of this.#streams) stream.destroy();
    return end;
  }

  #exit(): Promise<string> {
    return new Promise((resolve) => {
      this.#child.once("error", (error) => {
        if (this.#child.pid !== undefined) return;
        this.#hasExited = true;
        resolve(`not started: ${error.message}`);
      });
      this.#child.once("exit", (code, signal) => {
        // At once: the number of the group is in use only as long as it has members.
        this.#signalGroup("SIGKILL");
        this.#hasExited = true;
        resolve(signal === null ? `exited with code ${code}` : `killed by ${signal}`);
      });
    });
  }

  /** Kills what has left the process group. */
  async #sweep(): Promise<void> {
    for (let sweep = 0; sweep < maxSweeps; sweep++) {
      const survivors = await processesWithVariable(this.#variable);
      if (survivors.length === 0) return;
      for (const survivor of survivors) sendSignal(survivor, "SIGKILL");
    }
  }
}
