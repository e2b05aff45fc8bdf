import { CodeActError } from "@codeact/core";
import { ProtocolError } from "../bridge/protocol-error.js";
import { binaryProtocol, decodeBinary, encodeBinary } from "./binary-codec.js";
import { decodeJson, encodeJson } from "./json-codec.js";
import { type JupyterServer, pause } from "./jupyter-server.js";
import { type KernelMessage, kernelMessage, type OutgoingMessage } from "./kernel-message.js";
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

/** The websocket of a kernel, replaced by another one whenever it breaks. */
export class KernelConnection {
  /** Names this client to the server, over all its websockets. */
  readonly session: string = crypto.randomUUID();
  readonly #server: JupyterServer;
  readonly #kernelId: string;
  readonly #events: KernelConnectionEvents;
  #socket: WebSocketLike | undefined;
  #unsent: KernelMessage[] = [];
  #isClosed = false;
  #reconnecting = false;

  constructor(server: JupyterServer, kernelId: string, events: KernelConnectionEvents) {
    this.#server = server;
    this.#kernelId = kernelId;
    this.#events = events;
  }

  /**
   * Connects for the first time.
   * @throws CodeActError with code `executor-start`.
   */
  async open(): Promise<void> {
    if (await this.#connect()) return;
    if ((await this.#server.kernel(this.#kernelId)) === false) {
      throw new CodeActError(
        "executor-start",
        `${this.#server.address} has no kernel ${this.#kernelId}.`,
      );
    }
    if (await this.#connect()) return;
    throw new CodeActError(
      "executor-start",
      `${this.#server.address} opens no websocket to its kernel ${this.#kernelId}. ` +
        "Check that what is between lets websockets pass.",
    );
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

  async #connect(): Promise<boolean> {
    const { headers, settings } = this.#server;
    const socket = await openWebSocket({
      url: this.#server.channelsUrl(this.#kernelId, this.session),
      protocols: [binaryProtocol],
      headers,
      token: settings.token,
    });
    const isOpen = await opened(socket);
    if (!isOpen || this.#isClosed) {
      dropWebSocket(socket);
      return false;
    }
    socket.onmessage = ({ data }) => this.#take(socket, data);
    socket.onclose = () => this.#break(socket);
    socket.onerror = () => this.#break(socket);
    this.#socket = socket;
    for (const message of this.#unsent.splice(0)) this.#write(socket, message);
    return true;
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
        try {
          if ((await this.#server.kernel(this.#kernelId)) === false) {
            this.#lose(
              "the server no longer has the kernel; it was culled, or the server restarted",
            );
            return;
          }
          if (this.#isClosed) return;
          if (await this.#connect()) {
            this.#events.onReconnected();
            return;
          }
        } catch (error) {
          problem = (error as Error).message;
        }
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

function opened(socket: WebSocketLike): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), openTimeoutMs);
    const settle = (isOpen: boolean) => {
      clearTimeout(timer);
      resolve(isOpen);
    };
    socket.onopen = () => settle(true);
    socket.onerror = () => settle(false);
    socket.onclose = () => settle(false);
  });
}
