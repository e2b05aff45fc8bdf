import { constants } from "node:os";
import { dirname } from "node:path";
import { CodeActError } from "@codeact/core";
import { PythonProcess } from "../python-process.js";
import { withTimeout } from "../waiting.js";
import { ForkedProcess, type ServerLine } from "./forked-process.js";
import { makeSocketDirectory, type SocketDirectory } from "./socket-directory.js";
import {
  readSupervisorMessage,
  type SandboxPlan,
  type SupervisorMessage,
  type SupervisorPlan,
  type SupervisorRequest,
} from "./supervisor-message.js";

/** What a fork server is started with. */
export interface ForkServerOptions {
  /** The real interpreter. */
  path: string;
  environment: Readonly<Record<string, string>>;
  /** Modules that every session finds imported. */
  preload: readonly string[];
  startTimeoutMs: number;
  /** How its sessions are confined; without it they are not. */
  sandbox?: Pick<SandboxPlan, "readable" | "limits" | "workspace">;
  /** Ends when it had no session for so long. `Infinity` keeps it until `close()`. */
  idleMs: number;
}

const maxErrorCharacters = 4000;
const endMs = 2000;

/** The supervisor process of an executor, seen from the host. */
export class ForkServer implements ServerLine {
  /** Settles when it can fork. */
  readonly ready: Promise<void>;
  readonly #options: ForkServerOptions;
  readonly #directory: SocketDirectory;
  readonly #process: PythonProcess;
  readonly #sessions = new Map<string, ForkedProcess>();
  readonly #ended: Promise<void>;
  #onListening!: () => void;
  #importing: string | undefined;
  #importError: string | undefined;
  #sandboxError: string | undefined;
  #isolation: readonly string[] = [];
  #endReason: string | undefined;
  #received = "";
  #errors = "";
  #holds = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  /** @throws Error when there can be no process. */
  constructor(options: ForkServerOptions) {
    this.#options = options;
    this.#directory = makeSocketDirectory();
    try {
      this.#process = new PythonProcess({
        path: options.path,
        environment: options.environment,
        entry: "codeact_runtime.fork_server",
        workingDirectory: "/",
        killAtHostExit: false,
      });
    } catch (error) {
      this.#directory.disposeNow();
      throw error;
    }
    for (const stream of [this.#process.output, this.#process.startErrors]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#errors = (this.#errors + text).slice(-maxErrorCharacters);
      });
    }
    const { channel } = this.#process;
    channel.setEncoding("utf8").on("data", (text: string) => this.#receive(text));
    // Its exit follows, and says what there is to say.
    channel.on("error", () => {});
    const listening = new Promise<void>((resolve) => {
      this.#onListening = resolve;
    });
    this.#ended = this.#process.ended.then((end) => this.#finish(end));
    this.ready = this.#becomeReady(listening);
    const plan: SupervisorPlan = {
      preload: options.preload,
      socket: this.#directory.socketPath,
      host: process.pid,
      sandbox: this.#planSandbox(),
    };
    channel.write(`${JSON.stringify(plan)}\n`);
  }

  /** Whether it has not ended and is not about to. */
  get isUsable(): boolean {
    return this.#endReason === undefined;
  }

  /** The interpreter that it runs. */
  get path(): string {
    return this.#options.path;
  }

  get socketPath(): string {
    return this.#directory.socketPath;
  }

  get isolation(): readonly string[] {
    return this.#isolation;
  }

  /** Forks a session; where that fails, the process ends at once and says why. */
  start(workspace: string): ForkedProcess {
    return this.#add(new ForkedProcess(this, { workspace }));
  }

  branch(source: ForkedProcess): ForkedProcess {
    return this.#add(new ForkedProcess(this, { source }));
  }

  send(request: SupervisorRequest): void {
    const { channel } = this.#process;
    if (channel.writable) channel.write(`${JSON.stringify(request)}\n`);
  }

  holdHost(hold: boolean): void {
    this.#holds += hold ? 1 : -1;
    this.#process.holdHost(this.#holds > 0);
  }

  /** Ends it with everything below it. */
  async close(): Promise<void> {
    this.#endReason ??= "the executor was closed";
    this.#process.holdHost(true);
    this.#process.channel.end();
    const timer = setTimeout(() => void this.#process.kill(), endMs);
    await this.#ended;
    clearTimeout(timer);
  }

  async kill(): Promise<void> {
    this.#endReason ??= "the fork server did not answer";
    await this.#process.kill();
    await this.#ended;
  }

  #planSandbox(): SandboxPlan | null {
    const { sandbox } = this.#options;
    if (sandbox === undefined) return null;
    const probe = dirname(this.#directory.socketPath);
    return { ...sandbox, variables: this.#process.variables, probe };
  }

  async #becomeReady(listening: Promise<void>): Promise<void> {
    const { path, startTimeoutMs } = this.#options;
    const ended = this.#ended.then(() => Promise.reject(this.#startError()));
    ended.catch(() => {});
    const late = () =>
      new CodeActError(
        "executor-start",
        `${path} was not ready within ${startTimeoutMs} ms${this.#whileImporting()}. ` +
          "Raise the option `startTimeoutMs` of PythonExecutor if this machine is slow.",
      );
    try {
      await withTimeout(Promise.race([listening, ended]), startTimeoutMs, late);
      if (this.#holds === 0) this.#process.holdHost(false);
      this.#endWhenIdle();
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  #add(session: ForkedProcess): ForkedProcess {
    clearTimeout(this.#idleTimer);
    this.#sessions.set(session.id, session);
    // It may have ended just now.
    if (!this.isUsable) void this.#ended.then(() => this.#remove(session.id, this.#serverEnd()));
    return session;
  }

  #remove(id: string, end: string): void {
    this.#sessions.get(id)?.exited(end);
    this.#sessions.delete(id);
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    const { idleMs } = this.#options;
    if (this.#sessions.size > 0 || !this.isUsable || idleMs === Infinity) return;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.close(), idleMs);
    this.#idleTimer.unref();
  }

  #receive(text: string): void {
    const lines = (this.#received + text).split("\n");
    this.#received = lines.pop() ?? "";
    for (const line of lines) {
      try {
        this.#take(readSupervisorMessage(line));
      } catch (error) {
        this.#endReason ??= `the fork server broke its protocol: ${(error as Error).message}`;
        void this.kill();
        return;
      }
    }
  }

  #take(message: SupervisorMessage): void {
    switch (message.type) {
      case "importing":
        this.#importing = message.module;
        return;
      case "import-failed":
        this.#importError = message.message;
        return;
      case "sandbox-failed":
        this.#sandboxError = message.message;
        return;
      case "listening":
        this.#importing = undefined;
        this.#isolation = Object.freeze(message.isolation);
        this.#onListening();
        return;
      case "started":
        this.#sessions.get(message.id)?.started(message.pid);
        return;
      case "refused":
        this.#remove(message.id, `not started: ${message.message}`);
        return;
      case "mounted":
        this.#sessions.get(message.id)?.mounted(message.problem);
        return;
      case "exited":
        this.#remove(message.id, describeExit(message.code));
        return;
    }
  }

  async #finish(end: string): Promise<void> {
    this.#endReason ??= end;
    clearTimeout(this.#idleTimer);
    for (const id of this.#sessions.keys()) this.#remove(id, this.#serverEnd());
    await this.#directory.dispose();
  }

  #serverEnd(): string {
    return `its fork server is gone (${this.#endReason})`;
  }

  #startError(): CodeActError {
    if (this.#sandboxError !== undefined) {
      return new CodeActError("sandbox", `Cannot start a confined Python. ${this.#sandboxError}`);
    }
    const module = this.#importing;
    const said = this.#errors.trim().slice(-2000);
    const wrote = said === "" ? "It wrote nothing." : `It wrote: ${said}`;
    if (module === undefined) {
      return new CodeActError(
        "executor-start",
        `Python ended before it was ready (${this.#endReason}). ${wrote}`,
      );
    }
    const reason = this.#importError ?? `Python ended (${this.#endReason}). ${wrote}`;
    return new CodeActError(
      "executor-start",
      `Cannot preload the module "${module}": ${reason} ` +
        "Install it for the Python that the option `python` names, or leave it out of `preload`.",
    );
  }

  #whileImporting(): string {
    return this.#importing === undefined ? "" : `, while it imported "${this.#importing}"`;
  }
}

function describeExit(code: number | undefined): string {
  if (code === undefined) return "ended";
  if (code >= 0) return `exited with code ${code}`;
  const names = Object.entries(constants.signals);
  const name = names.find(([, number]) => number === -code)?.[0];
  return `killed by ${name ?? `signal ${-code}`}`;
}
