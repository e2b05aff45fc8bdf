import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { onHostExit } from "../python/exit-hook.js";
import { descendantsOf, sendSignal } from "../python/process-tree.js";

const maxErrorCharacters = 4000;
/** How long after the end of its output the command may take to exit and say how. */
const exitMs = 200;
/** How long after SIGTERM. */
const terminationMs = 500;

/** The local command whose standard streams lead to a Python. */
export class CommandProcess {
  readonly input: Socket;
  readonly output: Socket;
  /** Settles when nothing more comes from the command, and tells how it ended. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #errors: Socket;
  #said = "";
  #exit: string | undefined;
  #holds = 0;

  /** @throws Error when there are no descriptors left. */
  constructor(command: readonly string[], environment: Readonly<Record<string, string>>) {
    const [path = "", ...args] = command;
    this.#child = spawn(path, args, {
      env: environment,
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
      windowsHide: true,
    });
    const exited = this.#watchExit();
    if (this.#child.stdio === undefined) throw new Error("too many open files");
    const [input, output, errors] = this.#child.stdio;
    this.input = input as Socket;
    this.output = output as Socket;
    this.#errors = errors as Socket;
    this.#errors.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-maxErrorCharacters);
    });
    // The end of the output tells.
    for (const stream of [this.input, this.output, this.#errors]) {
      stream.on("error", ignore);
      stream.unref();
    }
    this.#child.unref();
    // What could not be started may never close what it was to write to.
    void exited.then(() => {
      if (this.#child.pid === undefined) this.output.destroy();
    });
    const forget = onHostExit(() => this.#signal("SIGTERM"));
    this.ended = this.#watch(exited).finally(forget);
  }

  /** The end of what it wrote to its standard error. */
  get errors(): string {
    // What Python asks for before each typed statement.
    return this.#said.replace(/^>>> /gm, "");
  }

  /** Keeps the host's event loop alive until the returned function is called. */
  hold(): () => void {
    if (this.#holds++ === 0) this.output.ref();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      if (--this.#holds === 0) this.output.unref();
    };
  }

  /**
   * Ends its input, at which the far side cleans up and leaves; after `patienceMs` it is told by a
   * signal, and then killed.
   */
  async close(patienceMs: number): Promise<void> {
    const release = this.hold();
    try {
      this.input.end();
      if (await settlesWithin(this.ended, patienceMs)) return;
      this.#signal("SIGTERM");
      if (await settlesWithin(this.ended, terminationMs)) return;
      await this.#kill();
    } finally {
      release();
    }
  }

  async #kill(): Promise<void> {
    const { pid } = this.#child;
    const descendants = pid === undefined ? [] : await descendantsOf(pid);
    this.#signal("SIGKILL");
    for (const descendant of descendants) sendSignal(descendant, "SIGKILL");
    // What has left the family lives on, with nobody to talk to.
    this.output.destroy();
    await this.ended;
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#exit !== undefined) return;
    sendSignal(process.platform === "win32" ? pid : -pid, signal);
  }

  /** Some commands leave at once and let another process go on: the output counts. */
  async #watch(exited: Promise<void>): Promise<string> {
    const closed = new Promise<void>((resolve) => {
      this.output.once("close", resolve);
    });
    await closed;
    await settlesWithin(exited, exitMs);
    this.input.destroy();
    this.#errors.destroy();
    return this.#exit ?? "closed its output";
  }

  #watchExit(): Promise<void> {
    return new Promise((resolve) => {
      this.#child.once("error", (error) => {
        if (this.#child.pid !== undefined) return;
        this.#exit = describeSpawnError(error);
        resolve();
      });
      this.#child.once("exit", (code, signal) => {
        this.#exit = signal === null ? `exited with code ${code}` : `killed by ${signal}`;
        resolve();
      });
    });
  }
}

/** Whether a promise that never rejects settles in time. */
export async function settlesWithin(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  try {
    return await Promise.race([promise.then(() => true), timedOut]);
  } finally {
    clearTimeout(timer);
  }
}

function describeSpawnError(error: NodeJS.ErrnoException): string {
  const reason = error.code === "ENOENT" ? "there is no such program" : error.message;
  return `could not be started: ${reason}`;
}

function ignore(): void {}
