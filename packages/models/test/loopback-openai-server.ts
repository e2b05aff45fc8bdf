import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";

/** What the server answers to one request. */
export interface LoopbackReply {
  /** @defaultValue 200 */
  status?: number;
  headers?: Record<string, string>;
  /** A body that is no event stream: text as it is, anything else as JSON. */
  body?: unknown;
  /** Chunks of an event stream: bytes as they are, the data of texts as they are, anything else as JSON. */
  events?: readonly unknown[];
  /** Sends these bytes instead of `events`. */
  raw?: string;
  /** Whether `[DONE]` follows the events. @defaultValue true */
  done?: boolean;
  /** Cuts the stream into pieces of so many bytes. @defaultValue one piece an event */
  pieceBytes?: number;
  /**
   * What happens after the last piece: the body ends, the socket is destroyed, or nothing more
   * happens at all. @defaultValue `"end"`
   */
  ending?: "end" | "destroy" | "stall";
  /** Answers nothing at all, not even headers; `ending: "destroy"` breaks the connection. */
  silent?: boolean;
}

/** A request as the server saw it. */
export interface LoopbackRequest {
  path: string;
  headers: IncomingHttpHeaders;
  /** The body as it came. */
  text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- Tests look into it freely.
  body: any;
  /** Settles when the answer's connection is over: `true` if the answer was not complete by then. */
  cutShort: Promise<boolean>;
}

/** A real HTTP server on loopback that speaks Chat Completions, with the faults one asks for. */
export class LoopbackServer {
  readonly requests: LoopbackRequest[] = [];
  readonly #replies: (LoopbackReply | ((request: LoopbackRequest) => LoopbackReply))[] = [];
  readonly #sockets = new Set<Socket>();
  #connections = 0;
  #openAnswers = 0;
  readonly #server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      this.#openAnswers++;
      response.once("close", () => this.#openAnswers--);
      const request: LoopbackRequest = {
        path: incoming.url ?? "",
        headers: incoming.headers,
        text,
        body: JSON.parse(text),
        cutShort: once(response, "close").then(() => !response.writableFinished),
      };
      this.requests.push(request);
      const reply = this.#replies.length > 1 ? this.#replies.shift() : this.#replies[0];
      if (!reply) throw new Error("The loopback server has no reply.");
      void send(response, typeof reply === "function" ? reply(request) : reply);
    });
  });

  /** Starts a server. It gives the replies in order, and the last one for ever. */
  static async start(...replies: LoopbackServer["reply"][]): Promise<LoopbackServer> {
    const server = new LoopbackServer();
    server.#replies.push(...replies);
    server.#server.on("connection", (socket) => {
      server.#connections++;
      server.#sockets.add(socket);
      socket.once("close", () => server.#sockets.delete(socket));
    });
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  /** Only for its type. */
  declare readonly reply: LoopbackReply | ((request: LoopbackRequest) => LoopbackReply);

  get baseURL(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Connections that are open now, idle ones included. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Connections that were ever made. */
  get connections(): number {
    return this.#connections;
  }

  /** Answers that have begun, or should have, and are not over. */
  get openAnswers(): number {
    return this.#openAnswers;
  }

  /** From now on gives only this reply. */
  replyWith(reply: LoopbackReply): void {
    this.#replies.splice(0, this.#replies.length, reply);
  }

  /** Closes the server and every connection. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

async function send(response: ServerResponse, reply: LoopbackReply): Promise<void> {
  if (reply.silent) {
    if (reply.ending === "destroy") response.destroy();
    return;
  }
  const isStream = reply.events !== undefined || reply.raw !== undefined;
  response.writeHead(reply.status ?? 200, {
    "content-type": isStream ? "text/event-stream; charset=utf-8" : "application/json",
    ...reply.headers,
  });
  response.flushHeaders();
  for (const piece of isStream ? pieces(reply) : [plainBody(reply.body)]) {
    if (response.destroyed) return;
    response.write(piece);
    // Another turn, so that pieces do not leave in one packet.
    await nextTurn();
  }
  if (reply.ending === "destroy") response.destroy();
  else if (reply.ending !== "stall") response.end();
}

function plainBody(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body ?? {});
}

function pieces({ events = [], raw, done = true, pieceBytes }: LoopbackReply): Buffer[] {
  const whole =
    raw === undefined ? [...events.map(sse), ...(done ? [sse("[DONE]")] : [])] : [Buffer.from(raw)];
  if (pieceBytes === undefined) return whole;
  const bytes = Buffer.concat(whole);
  return Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
}

function sse(data: unknown): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Buffer.from(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
}

/** A chunk with a delta. */
export function delta(fields: Record<string, unknown>): unknown {
  return {
    id: "c",
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta: fields, finish_reason: null }],
  };
}

/** The chunk with the finish reason. */
export function finish(reason = "stop"): unknown {
  return {
    id: "c",
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta: {}, finish_reason: reason }],
  };
}

/** The chunk with the usage. */
export function usage(input: number, output: number, more: Record<string, unknown> = {}): unknown {
  return {
    id: "c",
    choices: [],
    usage: { prompt_tokens: input, completion_tokens: output, ...more },
  };
}

/** A whole reply that says the texts. */
export function says(...texts: string[]): LoopbackReply {
  return { events: [...texts.map((content) => delta({ content })), finish(), usage(7, 3)] };
}

/** A refusal in the API's own form. */
export function refuses(
  message: string,
  error: { status?: number; code?: string | null; param?: string | null; type?: string } = {},
): LoopbackReply {
  const { status = 400, code = null, param = null, type = "invalid_request_error" } = error;
  return { status, body: { error: { message, type, param, code } } };
}
