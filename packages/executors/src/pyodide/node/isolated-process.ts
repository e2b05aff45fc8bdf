import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import type { InputSink } from "../../bridge/runtime-link.js";
import { onHostExit } from "../../python/exit-hook.js";
import { sendSignal } from "../../python/process-tree.js";
import { PacketLink } from "../host/packet-link.js";
import type { PyodideProcess } from "../host/ready-processes.js";
import type { WorkspaceCopy } from "../host/workspace-copy.js";
import { nodeChildProgram, nodeWorkerProgram } from "../worker/node-program.js";
import type { PackageAssets } from "../worker/boot.js";
import type { ChildPlan } from "../worker/node-child.js";
import { type Confinement } from "./confinement.js";
import { StreamTransport } from "./stream-transport.js";

/** What an interpreter in a process of its own is started with. */
export interface IsolatedProcessOptions {
  pyodideDirectory: string;
  confinement: Confinement | undefined;
  modules: Readonly<Record<string, string>>;
  /** Without it, Python starts slowly. */
  snapshot: Uint8Array | undefined;
  packages: PackageAssets | undefined;
  run: ChildPlan["run"];
}

const keyboardInterrupt = 2;
/** How long the channel may stay open after the exit. */
const drainMs = 250;

/**
 * An interpreter in a child process of Node, with an empty environment and without the permission
 * to read or write files, besides Pyodide's own, or to start processes.
 */
export class IsolatedProcess implements PyodideProcess {
  readonly startErrors: Readable;
  readonly ended: Promise<string>;
  readonly isDeafToFrames = true;
  readonly dependsOnSnapshot: boolean;
  readonly #options: IsolatedProcessOptions;
  readonly #child: ChildProcess;
  readonly #channel: Socket;
  readonly #interrupts: Writable;
  #files: WorkspaceCopy | undefined;
  #reason: string | undefined;
  #hasExited = false;

  constructor(options: IsolatedProcessOptions) {
    this.#options = options;
    this.dependsOnSnapshot = options.snapshot !== undefined;
    const [program, ...rest] = childCommand(options, nodeChildProgram);
    this.#child = spawn(program, rest, {
      cwd: options.pyodideDirectory,
      env: {},
      stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    const exit = this.#exit();
    // Missing when the host has no descriptors left; the child's `error` event says so too.
    if (this.#child.stdio === undefined) throw new Error("too many open files");
    const [, , startErrors, channel, interrupts] = this.#child.stdio;
    this.startErrors = startErrors as Readable;
    this.#channel = channel as Socket;
    this.#interrupts = interrupts as Writable;
    for (const stream of [startErrors, channel, interrupts] as Socket[]) {
      // The exit says what happened. A spare one has nobody else who listens.
      stream.on("error", () => {});
      stream.unref();
    }
    const { run, modules, pyodideDirectory, snapshot, packages } = options;
    const files = Object.entries(packages?.files ?? {});
    const plan: ChildPlan = {
      workerProgram: nodeWorkerProgram,
      pyodideDirectory,
      modules,
      snapshotBytes: snapshot?.length ?? 0,
      packages: packages && {
        names: packages.names,
        lock: packages.lock,
        files: files.map(([name, content]) => ({ name, bytes: content.length })),
      },
      run,
    };
    this.#channel.write(`${JSON.stringify(plan)}\n`);
    if (snapshot !== undefined) this.#channel.write(snapshot);
    for (const [, content] of files) this.#channel.write(content);
    const forget = onHostExit(() => this.#kill());
    this.ended = exit.then(async (end) => {
      forget();
      return this.#drain(end);
    });
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  useFiles(files: WorkspaceCopy): void {
    this.#files = files;
  }

  openLink(_nonce: string, sink: InputSink): PacketLink {
    const { run } = this.#options;
    const files = this.#files;
    const events = {
      onFileChange: (change: Uint8Array) => files?.take(change),
      onEnd: (reason: string) => {
        this.#reason ??= reason;
      },
    };
    const transport = new StreamTransport(this.#channel);
    const link = new PacketLink(transport, sink, events, run.maxWorkspaceBytes);
    files?.attach((change) => link.sendFileChange(change));
    return link;
  }

  holdHost(hold: boolean): void {
    if (hold) this.#child.ref();
    else this.#child.unref();
  }

  interrupt(): void {
    if (this.#interrupts.writable) this.#interrupts.write(Uint8Array.of(keyboardInterrupt));
  }

  async kill(): Promise<void> {
    this.#kill();
    await this.ended;
  }

  /**
   * What confines has a child, which asks to die with it only when it has been set up: one of a process
   * that is killed before would wait for it for ever.
   */
  #kill(): void {
    const { pid } = this.#child;
    const isConfined = this.#options.confinement !== undefined && pid !== undefined;
    // Stopped, it starts no other.
    if (isConfined) this.#child.kill("SIGSTOP");
    const children = isConfined ? childrenOf(pid) : [];
    this.#child.kill("SIGKILL");
    for (const child of children) sendSignal(child, "SIGKILL");
  }

  #exit(): Promise<string> {
    return new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(error.message));
      this.#child.once("exit", (code, signal) => {
        resolve(describeExit(code, signal));
      });
    });
  }

  /** Reads what the process has left. */
  async #drain(end: string): Promise<string> {
    this.#hasExited = true;
    if (!this.#channel.readableEnded && !this.#channel.destroyed) {
      await Promise.race([
        once(this.#channel, "close").catch(() => undefined),
        new Promise((resolve) => setTimeout(resolve, drainMs)),
      ]);
    }
    for (const stream of this.#child.stdio) stream?.destroy();
    return this.#reason ?? end;
  }
}

/** What starts a program, which is given as text, in a process that has no rights. */
export function childCommand(
  {
    pyodideDirectory,
    confinement,
  }: Pick<IsolatedProcessOptions, "pyodideDirectory" | "confinement">,
  text: string,
): [program: string, ...rest: string[]] {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isStable = major > 23 || (major === 23 && minor >= 5);
  const node: [string, ...string[]] = [
    process.execPath,
    isStable ? "--permission" : "--experimental-permission",
    "--no-warnings",
    "--allow-worker",
    `--allow-fs-read=${pyodideDirectory}/*`,
    "--disallow-code-generation-from-strings",
    "--eval",
    text,
  ];
  const [program, ...rest] = confinement?.command ?? [];
  return program === undefined ? node : [program, ...rest, ...node];
}

/** The processes that one on Linux has started. */
function childrenOf(pid: number): number[] {
  try {
    const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return pids.split(" ").filter(Boolean).map(Number);
  } catch {
    // It has ended.
    return [];
  }
}

/** What confines a process says by its own exit status how that ended. */
function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  const number = (code ?? 0) - 128;
  const [name] = Object.entries(constants.signals).find(([, each]) => each === number) ?? [signal];
  return name === null ? `exit status ${code}` : `killed by ${name}`;
}
