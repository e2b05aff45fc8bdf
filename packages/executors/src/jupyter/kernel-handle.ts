import { isObject } from "../bridge/frame-parser.js";
import { type JupyterServer, pause } from "./jupyter-server.js";
import { KernelConnection } from "./kernel-connection.js";
import type { StartLimit } from "./start-limit.js";
import type { KernelMessage, OutgoingMessage } from "./kernel-message.js";

/** What a kernel tells its owner. */
export interface KernelEvents {
  /** Everything besides answers that somebody waits for. */
  onMessage(message: KernelMessage): void;
  onReconnected(): void;
  /** The kernel died, was restarted or is out of reach. Nothing more is told after it. */
  onLost(reason: string): void;
}

const restartingReason = "the kernel died, and the server started it anew";
const deadReason = "the kernel died";
const shutDownReason = "the kernel was shut down";

/** A kernel of the server with our connection to it. */
export class KernelHandle {
  readonly id: string;
  readonly connection: KernelConnection;
  /** Whether it was started by us, and must be shut down by us. */
  readonly isOwn: boolean;
  readonly #server: JupyterServer;
  readonly #answers = new Map<string, (message: KernelMessage) => void>();
  #events: KernelEvents | undefined;
  #lostReason: string | undefined;
  #released: Promise<void> | undefined;

  private constructor(server: JupyterServer, id: string, isOwn: boolean) {
    this.#server = server;
    this.id = id;
    this.isOwn = isOwn;
    this.connection = new KernelConnection(server, id, {
      onMessage: (message) => this.#take(message),
      onReconnected: () => this.#events?.onReconnected(),
      onLost: (reason) => this.lose(reason),
    });
  }

  /**
   * Starts a kernel, or attaches to the running one that the settings name.
   * @throws CodeActError with code `executor-start`, or the reason of the limit.
   */
  static async open(server: JupyterServer, limit: StartLimit): Promise<KernelHandle> {
    const { kernelId } = server.settings;
    const id = kernelId ?? (await server.startKernel(limit));
    const handle = new KernelHandle(server, id, kernelId === undefined);
    try {
      await handle.connection.open(limit);
      return handle;
    } catch (error) {
      // Why there is no connection is what the caller has to know.
      await handle.release().catch(() => undefined);
      throw error;
    }
  }

  get lostReason(): string | undefined {
    return this.#lostReason;
  }

  /** Tells these from now on. */
  listen(events: KernelEvents): void {
    this.#events = events;
    if (this.#lostReason !== undefined) events.onLost(this.#lostReason);
  }

  /** Sends a message of the shell channel and waits for its answer; rejects when it is lost. */
  ask(outgoing: OutgoingMessage, signal: AbortSignal): Promise<KernelMessage> {
    return new Promise((resolve, reject) => {
      const id = this.connection.send(outgoing);
      const settle = (act: () => void) => {
        this.#answers.delete(id);
        signal.removeEventListener("abort", onAbort);
        act();
      };
      const onAbort = () => settle(() => reject(signal.reason as Error));
      this.#answers.set(id, (message) => settle(() => resolve(message)));
      signal.addEventListener("abort", onAbort, { once: true });
      if (signal.aborted) onAbort();
    });
  }

  /** Takes the kernel for gone. */
  lose(reason: string): void {
    if (this.#lostReason !== undefined) return;
    this.#lostReason = reason;
    this.connection.close();
    this.#events?.onLost(reason);
  }

  /**
   * Lets go of the kernel: shuts it down if we started it, leaves it otherwise.
   * @throws CodeActError with code `executor-fault` when the server does not do it.
   */
  release(): Promise<void> {
    this.#released ??= this.#release();
    return this.#released;
  }

  /** Ends what does not listen: shuts the kernel down, or restarts one that is not ours. */
  kill(): Promise<void> {
    this.#released ??= this.isOwn ? this.#release() : this.#restart();
    return this.#released;
  }

  async #release(): Promise<void> {
    this.lose("it was closed");
    if (this.isOwn) await this.#server.deleteKernel(this.id);
  }

  async #restart(): Promise<void> {
    this.lose("it was restarted");
    await this.#server.restart(this.id);
    // A moment in which the old process can still answer.
    await pause(100);
  }

  #take(message: KernelMessage): void {
    const { channel, header, parentHeader, content } = message;
    if (channel === "iopub") {
      const reason = endOf(header["msg_type"], content);
      if (reason !== undefined) {
        this.lose(reason);
        return;
      }
    }
    const answer = this.#answers.get(String(parentHeader["msg_id"]));
    if (answer !== undefined && String(header["msg_type"]).endsWith("_reply")) answer(message);
    else this.#events?.onMessage(message);
  }
}

function endOf(type: unknown, content: KernelMessage["content"]): string | undefined {
  if (type === "shutdown_reply") return shutDownReason;
  if (type !== "status" || !isObject(content)) return undefined;
  const state = content["execution_state"];
  if (state === "restarting" || state === "autorestarting") return restartingReason;
  return state === "dead" ? deadReason : undefined;
}
