import type { InputSink } from "../../bridge/runtime-link.js";
import { MessageTransport } from "../host/message-transport.js";
import { PacketLink } from "../host/packet-link.js";
import type { PyodideProcess } from "../host/ready-processes.js";
import { SharedTransport } from "../host/shared-transport.js";
import type { WorkspaceCopy } from "../host/workspace-copy.js";
import { SharedLine } from "../line/shared-line.js";
import { readWorkerReport } from "../line/worker-report.js";
import type { PyodideWorker } from "../pyodide-options.js";
import type { BrowserWorkerTask } from "../worker/browser-task.js";
import type { WorkerPlan } from "../worker/interpreter.js";
import { describeWorkerError } from "./start-worker.js";

/** What an interpreter in a web worker is started with. */
export interface WorkerProcessOptions {
  plan: WorkerPlan;
  /** Whether memory can be shared with workers. */
  sharesMemory: boolean;
  /** The snapshot did not load, and is of no use. */
  onBadSnapshot: () => void;
}

const keyboardInterrupt = 2;

/** An interpreter in a web worker of this page. */
export class WorkerProcess implements PyodideProcess {
  readonly ended: Promise<string>;
  readonly isDeafToFrames = true;
  readonly #worker: PyodideWorker;
  readonly #options: WorkerProcessOptions;
  readonly #transport: SharedTransport | MessageTransport;
  #files: WorkspaceCopy | undefined;
  #reason: string | undefined;
  #hasExited = false;
  #onExit: () => void = () => {};

  /** Takes over the worker, which has no task yet. */
  constructor(worker: PyodideWorker, options: WorkerProcessOptions) {
    this.#worker = worker;
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#onExit = () => resolve(this.#reason ?? "its worker was terminated");
    });
    const memory = options.sharesMemory ? SharedLine.allocate() : undefined;
    this.#transport =
      memory === undefined
        ? new MessageTransport((message) => worker.postMessage(message))
        : new SharedTransport(memory);
    worker.addEventListener("message", (event) => this.#take((event as { data: unknown }).data));
    worker.addEventListener("messageerror", () =>
      this.#fail("its worker sent what cannot be read"),
    );
    worker.addEventListener("error", (event) => this.#fail(describeWorkerError(event)));
    worker.postMessage({ type: "run", plan: options.plan, memory } satisfies BrowserWorkerTask);
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  useFiles(files: WorkspaceCopy): void {
    this.#files = files;
  }

  openLink(_nonce: string, sink: InputSink): PacketLink {
    const { plan } = this.#options;
    const files = this.#files;
    const events = {
      onFileChange: (change: Uint8Array) => files?.take(change),
      onEnd: (reason: string) => {
        this.#reason ??= reason;
      },
    };
    const link = new PacketLink(this.#transport, sink, events, plan.maxWorkspaceBytes);
    files?.attach((change) => link.sendFileChange(change));
    return link;
  }

  /** Nothing keeps a page alive. */
  holdHost(): void {}

  interrupt(): void {
    this.#transport.interrupt(keyboardInterrupt);
  }

  async kill(): Promise<void> {
    this.#end();
    await this.ended;
  }

  #take(data: unknown): void {
    const report = readWorkerReport(data);
    if (report?.type === "look" && this.#transport instanceof SharedTransport) {
      this.#transport.look();
    } else if (report?.type === "bytes" && this.#transport instanceof MessageTransport) {
      this.#transport.receive(report.bytes);
    } else if (report?.type === "bad-snapshot") {
      this.#options.onBadSnapshot();
    } else if (report?.type === "ended") {
      this.#end();
    } else {
      this.#fail("its worker sent what no worker of ours sends");
    }
  }

  #fail(reason: string): void {
    this.#reason ??= reason;
    this.#end();
  }

  /** A worker that has ended still exists; one that was terminated says nothing more. */
  #end(): void {
    if (this.#hasExited) return;
    this.#hasExited = true;
    this.#worker.terminate();
    this.#transport.drain();
    this.#onExit();
  }
}
