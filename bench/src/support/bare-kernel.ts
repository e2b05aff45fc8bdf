import { WebSocket } from "ws";
import type { JupyterServer } from "./jupyter-server.js";

const protocol = "v1.kernel.websocket.jupyter.org";

interface Message {
  channel: string;
  header: { msg_type: string };
  parent: { msg_id?: string };
  content: Record<string, unknown>;
}

/**
 * The baseline of a Jupyter client: a websocket, the binary sub-protocol, and nothing else. It waits
 * for the answer of a cell and for the kernel to be idle, as every client must. It can answer each
 * message by a pong at once, as ours does, for a server with Nagle's algorithm.
 */
export class BareKernel {
  readonly #server: JupyterServer;
  readonly #id: string;
  readonly #socket: WebSocket;
  #take: (message: Message) => void = () => undefined;

  private constructor(server: JupyterServer, id: string, socket: WebSocket, pongs: boolean) {
    this.#server = server;
    this.#id = id;
    this.#socket = socket;
    socket.on("message", (data: Buffer) => {
      if (pongs) socket.pong();
      this.#take(decode(data));
    });
  }

  /** Starts a kernel, connects, and waits until it answers. */
  static async start(server: JupyterServer, pongs = false): Promise<BareKernel> {
    const response = await server.fetch("api/kernels", { method: "POST", body: "{}" });
    const { id } = (await response.json()) as { id: string };
    const url = new URL(`api/kernels/${id}/channels`, server.baseUrl.replace("http", "ws"));
    const headers = { Authorization: `token ${server.token}` };
    const socket = new WebSocket(url, protocol, { headers, perMessageDeflate: false });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    const kernel = new BareKernel(server, id, socket, pongs);
    await new Promise<void>((resolve) => {
      const message = kernel.#send("shell", "kernel_info_request", {});
      kernel.#take = ({ header, parent }) => {
        if (header.msg_type === "kernel_info_reply" && parent.msg_id === message) resolve();
      };
    });
    return kernel;
  }

  /** Runs a cell; `input()` in it is answered with its prompt. */
  async execute(code: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const content = { code, silent: false, store_history: false, allow_stdin: true };
      const id = this.#send("shell", "execute_request", content);
      let isIdle = false;
      let hasAnswer = false;
      this.#take = ({ channel, header, parent, content: { execution_state, prompt, status } }) => {
        if (parent.msg_id !== id) return;
        if (channel === "stdin") this.#send("stdin", "input_reply", { value: prompt }, header);
        isIdle ||= header.msg_type === "status" && execution_state === "idle";
        hasAnswer ||= header.msg_type === "execute_reply";
        if (status === "error") reject(new Error("The cell failed."));
        if (isIdle && hasAnswer) resolve();
      };
    });
  }

  async close(): Promise<void> {
    this.#socket.terminate();
    await this.#server.fetch(`api/kernels/${this.#id}`, { method: "DELETE" });
  }

  #send(channel: string, type: string, content: object, parent: object = {}): string {
    const id = crypto.randomUUID();
    const date = new Date().toISOString();
    const header = { msg_id: id, msg_type: type, session: id, username: "", date, version: "5.3" };
    this.#socket.send(encode([channel, ...[header, parent, {}, content].map(toJson)]));
    return id;
  }
}

function toJson(part: object): string {
  return JSON.stringify(part);
}

function encode(texts: readonly string[]): Buffer {
  const parts = texts.map((text) => Buffer.from(text));
  const table = Buffer.alloc(8 * (parts.length + 2));
  table.writeBigUInt64LE(BigInt(parts.length + 1), 0);
  let offset = table.length;
  for (const [index, part] of [...parts, Buffer.alloc(0)].entries()) {
    table.writeBigUInt64LE(BigInt(offset), 8 * (index + 1));
    offset += part.length;
  }
  return Buffer.concat([table, ...parts]);
}

function decode(data: Buffer): Message {
  const part = (index: number): string => {
    const start = Number(data.readBigUInt64LE(8 * (index + 1)));
    return data.toString("utf8", start, Number(data.readBigUInt64LE(8 * (index + 2))));
  };
  return {
    channel: part(0),
    header: JSON.parse(part(1)) as Message["header"],
    parent: JSON.parse(part(2)) as Message["parent"],
    content: JSON.parse(part(4)) as Message["content"],
  };
}
