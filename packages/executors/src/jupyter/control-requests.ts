import { isObject } from "../bridge/frame-parser.js";
import type { KernelConnection } from "./kernel-connection.js";
import type { KernelMessage, Members } from "./kernel-message.js";

/** The runtime refused a request, or nobody answered it. */
export class ControlRequestError extends Error {
  override readonly name = "ControlRequestError";
  /** Whether there was no answer. */
  readonly isLate: boolean;

  constructor(message: string, isLate: boolean) {
    super(message);
    this.isLate = isLate;
  }
}

/** A request on the control channel, besides its name. */
export interface ControlRequest {
  operation: string;
  members?: Members;
  buffers?: readonly Uint8Array[];
  timeoutMs: number;
}

/** The answer to a request. Nothing in it is checked. */
export interface ControlReply {
  content: Members;
  buffers: readonly Uint8Array[];
}

interface Pending {
  send(): void;
  resolve(reply: ControlReply): void;
  reject(error: ControlRequestError): void;
}

/**
 * Requests to the runtime in a kernel on the control channel, which is served also while a cell
 * runs. All can be made twice, and are, when the connection breaks.
 */
export class ControlRequests {
  readonly #connection: KernelConnection;
  readonly #nonce: string;
  readonly #pending = new Map<string, Pending>();
  #closedBy: string | undefined;

  constructor(connection: KernelConnection, nonce: string) {
    this.#connection = connection;
    this.#nonce = nonce;
  }

  /** @throws ControlRequestError */
  async request(request: ControlRequest): Promise<ControlReply> {
    if (this.#closedBy !== undefined) throw new ControlRequestError(this.#closedBy, true);
    const ids: string[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise<ControlReply>((resolve, reject) => {
        const pending: Pending = {
          resolve,
          reject,
          send: () => {
            const id = this.notify(request);
            ids.push(id);
            this.#pending.set(id, pending);
          },
        };
        const late = `the kernel did not answer within ${request.timeoutMs} ms; it is out of reach, or in C code that lets no thread run`;
        timer = setTimeout(() => reject(new ControlRequestError(late, true)), request.timeoutMs);
        pending.send();
      });
    } finally {
      clearTimeout(timer);
      for (const id of ids) this.#pending.delete(id);
    }
  }

  /** Sends a request whose answer does not matter; returns its id. */
  notify({ operation, members = {}, buffers = [] }: Omit<ControlRequest, "timeoutMs">): string {
    return this.#connection.send({
      channel: "control",
      type: "codeact_request",
      content: { ...members, operation },
      metadata: { codeact: { nonce: this.#nonce } },
      buffers,
    });
  }

  /** Takes an answer. */
  take({ content, parentHeader, buffers }: KernelMessage): void {
    const pending = this.#pending.get(String(parentHeader["msg_id"]));
    if (pending === undefined) return;
    if (content["status"] === "ok") pending.resolve({ content, buffers });
    else {
      const reason = typeof content["reason"] === "string" ? content["reason"] : "it failed";
      pending.reject(new ControlRequestError(reason.slice(0, 1000), false));
    }
  }

  /** Sends again what has no answer yet. */
  repeat(): void {
    for (const pending of new Set(this.#pending.values())) pending.send();
  }

  /** Rejects what waits and what comes. */
  close(reason: string): void {
    this.#closedBy ??= reason;
    for (const pending of this.#pending.values()) {
      pending.reject(new ControlRequestError(reason, true));
    }
  }
}

/** The list of messages in the answer to a replay. */
export function listOf(value: unknown): Members[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
