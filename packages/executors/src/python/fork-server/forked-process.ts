import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { InputSink } from "../../bridge/runtime-link.js";
import { StreamLink } from "../../bridge/stream-link.js";
import { onHostExit } from "../exit-hook.js";
import { sendSignal } from "../process-tree.js";
import type { SessionProcess } from "../session-process.js";
import type { SupervisorRequest } from "./supervisor-message.js";

/** What a forked process needs of its server. */
export interface ServerLine {
  readonly socketPath: string;
  send(request: SupervisorRequest): void;
  /** Keeps the host's event loop alive; each call with `true` needs one with `false`. */
  holdHost(hold: boolean): void;
  /** Ends the server with everything below it. */
  kill(): Promise<void>;
  branch(source: ForkedProcess): ForkedProcess;
  /** What is enforced against its sessions. */
  readonly isolation: readonly string[];
}

/** Where a process comes from: from the supervisor, in a workspace, or from another session. */
export type Origin = { workspace: string } | { source: ForkedProcess };

/** How long streams may stay open after the exit: another process can hold them. */
const drainMs = 250;
/** A supervisor that has not killed by then is itself killed. */
const killPatienceMs = 5_000;

/** A session's process that a supervisor has forked, from itself or from another session. */
export class ForkedProcess implements SessionProcess {
  readonly id = randomBytes(8).toString("hex");
  readonly channel: Socket;
  readonly output: Socket;
  readonly ended: Promise<string>;
  readonly #server: ServerLine;
  readonly #forgetExit: () => void;
  #pid: number | undefined;
  #isHolding = false;
  #hasExited = false;
  #resolveExit!: (end: string) => void;
  #onMounted: ((problem: string | undefined) => void) | undefined;

  /** Asks for it at once. */
  constructor(server: ServerLine, origin: Origin) {
    this.#server = server;
    const exit = new Promise<string>((resolve) => {
      this.#resolveExit = resolve;
    });
    const token = randomBytes(16).toString("hex");
    const { id } = this;
    server.send(
      "source" in origin
        ? { type: "branch", id, token, source: origin.source.id }
        : { type: "start", id, token, workspace: origin.workspace },
    );
    this.channel = this.#connect(token, "c");
    this.output = this.#connect(token, "o");
    this.#forgetExit = onHostExit(() => this.#killGroup());
    this.ended = this.#watch(exit);
    this.holdHost(true);
  }

  /** The supervisor has forked it. */
  started(pid: number): void {
    this.#pid = pid;
  }

  openLink(nonce: string, sink: InputSink): StreamLink {
    return new StreamLink(this, nonce, sink);
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** It is gone with all that it started, or never came to be. */
  exited(end: string): void {
    this.#hasExited = true;
    this.#onMounted?.("it has ended");
    this.#resolveExit(end);
  }

  get isolation(): readonly string[] {
    return this.#server.isolation;
  }

  async mount(path: string): Promise<string | undefined> {
    if (this.#hasExited) return "it has ended";
    return new Promise((resolve) => {
      this.#onMounted = resolve;
      this.#server.send({ type: "mount", id: this.id, path });
    });
  }

  /** The supervisor has answered. */
  mounted(problem: string | undefined): void {
    this.#onMounted?.(problem);
  }

  holdHost(hold: boolean): void {
    if (hold === this.#isHolding) return;
    this.#isHolding = hold;
    this.#server.holdHost(hold);
  }

  interrupt(): void {
    // Not by way of the supervisor: the signal must be there before the next cell can be.
    if (this.#pid !== undefined && !this.#hasExited) sendSignal(-this.#pid, "SIGINT");
  }

  async kill(): Promise<void> {
    this.#server.send({ type: "kill", id: this.id });
    const timer = setTimeout(() => void this.#server.kill(), killPatienceMs);
    await this.ended;
    clearTimeout(timer);
  }

  branch(): ForkedProcess {
    return this.#server.branch(this);
  }

  #connect(token: string, role: "c" | "o"): Socket {
    const socket = connect(this.#server.socketPath);
    socket.unref();
    const giveUp = () => this.#server.send({ type: "kill", id: this.id });
    socket.once("error", giveUp).once("connect", () => socket.off("error", giveUp));
    socket.write(token + role);
    return socket;
  }

  #killGroup(): void {
    // What has left the group is killed by the supervisor, when it sees the end of the host.
    if (this.#pid !== undefined) sendSignal(-this.#pid, "SIGKILL");
  }

  async #watch(exit: Promise<string>): Promise<string> {
    const closed = new Promise<void>((resolve) => {
      this.output.once("close", () => resolve());
    });
    const end = await exit;
    this.#forgetExit();
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, drainMs);
    });
    await Promise.race([closed, timedOut]);
    clearTimeout(timer);
    for (const stream of [this.channel, this.output]) stream.destroy();
    this.holdHost(false);
    return end;
  }
}
