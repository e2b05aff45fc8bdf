import { ProtocolError } from "../bridge/protocol-error.js";
import { binaryProtocol, decodeBinary, encodeBinary } from "./binary-codec.js";
import { decodeJson, encodeJson } from "./json-codec.js";
import { GoneKernelError } from "./gone-kernel-error.js";
import { type JupyterServer, pause } from "./jupyter-server.js";
import { type KernelMessage, kernelMessage, type OutgoingMessage } from "./kernel-message.js";
import type { StartLimit } from "./start-limit.js";
import { dropWebSocket, openWebSocket, type WebSocketLike } from "./web-socket.js";

/** What a connection tells its owner. */
export interface KernelConnectionEvents {
  onMessage(message: KernelMessage): void;
  /** It broke and is there again; what was on its way in either direction may be lost. */
  onReconnected(): void;
  /** It cannot be restored, or what came over it was nonsense. Nothing more is told after it. */
  onLost(reason: string): void;
}

const openTimeoutMs = 20_000;
const firstPauseMs = 50;
const maxPauseMs = 2000;
const minAttemptMs = 1000;
/** How often a websocket is asked for of a server that has the kernel. */
const maxFirstAttempts = 5;

/** The websocket of a kernel, replaced by another one whenever it breaks. */
export class KernelConnection {
  /** Names this client to the server, over all its websockets. */
  readonly session: string = crypto.randomUUID();
  readonly #server: JupyterServer;
  readonly #kernelId: string;
  readonly #events: KernelConnectionEvents;
  #socket: WebSocketLike | undefined;
  #unsent: KernelMessage[] = [];
  /** The sub-protocols that are offered. */
  #protocols: readonly string[] = [binaryProtocol];
  #isClosed = false;
  #reconnecting = false;

  constructor(server: JupyterServer, kernelId: string, events: KernelConnectionEvents) {
    this.#server = server;
    this.#kernelId = kernelId;
    this.#events = events;
  }

  /**
   * Connects for the first time.
   * @throws CodeActError with code `executor-start`, or the reason of the limit.
   */
  async open(limit: StartLimit): Promise<void> {
    limit.await(`the websocket to its kernel ${this.#kernelId} does not open`);
    for (let attempt = 1; ; attempt++) {
      const problem = await this.#connect(limit.signal);
      limit.signal.throwIfAborted();
      if (problem === undefined) return;
      const presence = await this.#server.presenceOf(this.#kernelId);
      limit.signal.throwIfAborted();
      if (presence.state === "gone") {
        throw new GoneKernelError(`${this.#server.address} has no kernel ${this.#kernelId}.`);
      }
      if (presence.state === "unknown" && !presence.mayPass) {
        throw this.#server.startError(presence.reason);
      }
      const reason = presence.state === "unknown" ? presence.reason : noWebSocket(problem);
      if (presence.state === "there") {
        if (attempt >= maxFirstAttempts) throw this.#server.startError(reason);
        // The server may not know the sub-protocol; browsers do not tell that reason.
        this.#protocols = this.#protocols.length === 0 ? [binaryProtocol] : [];
      }
      limit.note(reason);
      await pause(firstPauseMs * 2 ** Math.min(attempt, 5));
    }
  }

  /** Sends a message, as soon as there is a connection; returns its id. */
  send(outgoing: OutgoingMessage): string {
    const message = kernelMessage(this.session, outgoing);
    if (this.#socket === undefined) this.#unsent.push(message);
    else this.#write(this.#socket, message);
    return message.header["msg_id"] as string;
  }

  /** Gives up the websocket, which seems to be dead, for another one. */
  renew(): void {
    if (this.#socket !== undefined) this.#break(this.#socket);
  }

  /** Ends it. Nothing is told any more. */
  close(): void {
    this.#isClosed = true;
    this.#unsent = [];
    if (this.#socket !== undefined) dropWebSocket(this.#socket);
    this.#socket = undefined;
  }

  /** Opens a websocket, or says why it does not open. */
  async #connect(signal?: AbortSignal): Promise<string | undefined> {
    const { headers, settings } = this.#server;
    const socket = await openWebSocket({
      url: this.#server.channelsUrl(this.#kernelId, this.session),
      protocols: this.#protocols,
      headers,
      token: settings.token,
    });
    const problem = await problemOfOpening(socket, signal);
    if (problem !== undefined || this.#isClosed) {
      dropWebSocket(socket);
      return this.#server.redact(problem ?? "it was closed");
    }
    socket.onmessage = ({ data }) => {
      // A server with Nagle's algorithm holds its next small message back until this one is
      // acknowledged, which this system delays by 40 ms unless it has something to send.
      socket.pong?.();
      this.#take(socket, data);
    };
    socket.onclose = () => this.#break(socket);
    socket.onerror = () => this.#break(socket);
    this.#socket = socket;
    for (const message of this.#unsent.splice(0)) this.#write(socket, message);
    return undefined;
  }

  #write(socket: WebSocketLike, message: KernelMessage): void {
    const isBinary = socket.protocol === binaryProtocol;
    try {
      socket.send(isBinary ? encodeBinary(message) : encodeJson(message));
    } catch {
      // It is closing; its event follows, and the message counts as lost on the way.
      return;
    }
  }

  #take(socket: WebSocketLike, data: unknown): void {
    let message: KernelMessage;
    try {
      if (socket.protocol === binaryProtocol && data instanceof ArrayBuffer) {
        message = decodeBinary(data);
      } else if (typeof data === "string" || data instanceof ArrayBuffer) {
        message = decodeJson(data);
      } else {
        throw new ProtocolError("a message of the kernel was malformed");
      }
      this.#events.onMessage(message);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#lose(error.message);
    }
  }

  #break(socket: WebSocketLike): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    dropWebSocket(socket);
    if (!this.#isClosed && !this.#reconnecting) void this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    this.#reconnecting = true;
    try {
      const { reconnectTimeoutMs } = this.#server.settings;
      const deadline = performance.now() + reconnectTimeoutMs;
      let problem = "it does not answer";
      for (let pauseMs = firstPauseMs; performance.now() < deadline; pauseMs *= 2) {
        await pause(Math.min(pauseMs, maxPauseMs));
        if (this.#isClosed) return;
        const leftMs = Math.max(minAttemptMs, Math.ceil(deadline - performance.now()));
        const presence = await this.#server.presenceOf(this.#kernelId, leftMs);
        if (presence.state === "gone") {
          this.#lose("the server no longer has the kernel; it was culled, or the server restarted");
        }
        if (this.#isClosed) return;
        if (presence.state === "unknown") {
          problem = presence.reason;
          continue;
        }
        const noConnection = await this.#connect(AbortSignal.timeout(leftMs));
        if (this.#isClosed) return;
        if (noConnection === undefined) {
          this.#events.onReconnected();
          return;
        }
        problem = noWebSocket(noConnection);
      }
      this.#lose(
        `the connection to the kernel broke and was not restored within ${reconnectTimeoutMs} ms: ${problem}`,
      );
    } finally {
      this.#reconnecting = false;
    }
  }

  #lose(reason: string): void {
    if (this.#isClosed) return;
    this.close();
    this.#events.onLost(reason);
  }
}

function noWebSocket(problem: string): string {
  return `it opens no websocket (${problem}); check that what is between lets websockets pass`;
}

/** Waits for a websocket to open; says why it does not. */
function problemOfOpening(
  socket: WebSocketLike,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const settle = (problem: string | undefined) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      resolve(problem);
    };
    const onAbort = () => settle("it took too long");
    const timer = setTimeout(() => settle(`no answer in ${openTimeoutMs} ms`), openTimeoutMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    socket.onopen = () => settle(undefined);
    socket.onerror = (event) => {
      const { message } = event as { message?: unknown };
      settle(typeof message === "string" && message !== "" ? message : "it failed");
    };
    socket.onclose = () => settle("it was closed at once");
    if (signal?.aborted) onAbort();
  });
}
