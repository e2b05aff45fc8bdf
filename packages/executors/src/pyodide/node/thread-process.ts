import { Worker } from "node:worker_threads";
import type { InputSink } from "../../bridge/runtime-link.js";
import { SharedLine } from "../line/shared-line.js";
import { PacketLink } from "../host/packet-link.js";
import type { PyodideProcess } from "../host/ready-processes.js";
import { SharedTransport } from "../host/shared-transport.js";
import type { WorkspaceCopy } from "../host/workspace-copy.js";
import { nodeWorkerProgram } from "../worker/node-program.js";
import type { PythonAssets } from "../worker/boot.js";
import type { NodeWorkerTask } from "../worker/node-worker.js";
import { workerOptions } from "./worker-options.js";

/** What an interpreter in a thread is started with. */
export interface ThreadProcessOptions {
  assets: PythonAssets;
  memoryLimitBytes: number;
  maxWorkspaceBytes: number;
  workspace: string;
}

const keyboardInterrupt = 2;

/** An interpreter in a worker thread of this process. */
export class ThreadProcess implements PyodideProcess {
  readonly ended: Promise<string>;
  readonly isDeafToFrames = true;
  readonly dependsOnSnapshot: boolean;
  readonly #options: ThreadProcessOptions;
  readonly #worker: Worker;
  readonly #transport: SharedTransport;
  #files: WorkspaceCopy | undefined;
  #reason: string | undefined;
  #hasExited = false;

  constructor(options: ThreadProcessOptions) {
    this.#options = options;
    this.dependsOnSnapshot = options.assets.snapshot !== undefined;
    const memory = SharedLine.allocate();
    this.#transport = new SharedTransport(memory);
    const { assets, memoryLimitBytes, maxWorkspaceBytes, workspace } = options;
    const task: NodeWorkerTask = {
      type: "run",
      memory,
      plan: { assets, memoryLimitBytes, maxWorkspaceBytes, workspace },
    };
    this.#worker = new Worker(nodeWorkerProgram, workerOptions);
    this.#worker.postMessage(task);
    this.ended = this.#watch();
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  useFiles(files: WorkspaceCopy): void {
    this.#files = files;
  }

  openLink(_nonce: string, sink: InputSink): PacketLink {
    const { maxWorkspaceBytes } = this.#options;
    const files = this.#files;
    const events = {
      onFileChange: (change: Uint8Array) => files?.take(change),
      onEnd: (reason: string) => {
        this.#reason ??= reason;
      },
    };
    const link = new PacketLink(this.#transport, sink, events, maxWorkspaceBytes);
    files?.attach((change) => link.sendFileChange(change));
    return link;
  }

  holdHost(hold: boolean): void {
    if (hold) this.#worker.ref();
    else this.#worker.unref();
  }

  interrupt(): void {
    this.#transport.interrupt(keyboardInterrupt);
  }

  async kill(): Promise<void> {
    await this.#worker.terminate();
    await this.ended;
  }

  async #watch(): Promise<string> {
    this.#worker.on("message", () => this.#transport.look());
    // What code in the worker's own realm threw; the exit follows.
    this.#worker.on("error", (error: Error) => {
      this.#reason ??= `its worker failed: ${error.message}`;
    });
    await new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));
    this.#hasExited = true;
    this.#transport.drain();
    return this.#reason ?? "its worker was terminated";
  }
}
