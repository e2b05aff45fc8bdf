import { createServer, type IncomingMessage, request, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";

/** What stands between a client and its server. */
export interface ReverseProxyOptions {
  /** The port of the server on the loopback interface. */
  target: number;
  /** The path under which the proxy offers the server: `/team/jupyter`. */
  prefix: string;
  /** Refuses requests and websockets without these. */
  requiredHeaders?: Readonly<Record<string, string>>;
  /** Speaks https with this certificate. */
  certificate?: { cert: Buffer; key: Buffer };
}

/** A reverse proxy, as it stands before servers of a team. */
export class ReverseProxy {
  readonly #options: ReverseProxyOptions;
  readonly #server;
  readonly #sockets = new Set<Socket>();

  private constructor(options: ReverseProxyOptions) {
    this.#options = options;
    const answer: RequestListener = (incoming, response) => {
      const path = this.#pathOf(incoming);
      if (path === undefined) {
        response.writeHead(403).end("not for you");
        return;
      }
      const { method, headers } = incoming;
      const outgoing = request(
        { host: "127.0.0.1", port: options.target, method, path, headers },
        (answered) => {
          response.writeHead(answered.statusCode ?? 500, answered.headers);
          answered.pipe(response);
        },
      );
      outgoing.on("error", () => response.destroy());
      incoming.pipe(outgoing);
    };
    const { certificate } = options;
    this.#server =
      certificate === undefined ? createServer(answer) : createSecureServer(certificate, answer);
    this.#server.on("connection", (socket: Socket) => this.#sockets.add(socket));
    this.#server.on("upgrade", (incoming: IncomingMessage, client: Socket, head: Buffer) => {
      this.#upgrade(incoming, client, head);
    });
  }

  static async start(options: ReverseProxyOptions): Promise<ReverseProxy> {
    const proxy = new ReverseProxy(options);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get baseUrl(): string {
    const { port } = this.#server.address() as AddressInfo;
    const scheme = this.#options.certificate === undefined ? "http" : "https";
    return `${scheme}://localhost:${port}${this.#options.prefix}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The path of a request on the server; nothing for one that is refused. */
  #pathOf({ url = "", headers }: IncomingMessage): string | undefined {
    const { prefix, requiredHeaders = {} } = this.#options;
    if (!url.startsWith(`${prefix}/`)) return undefined;
    const isAllowed = Object.entries(requiredHeaders).every(
      ([name, value]) => headers[name] === value,
    );
    return isAllowed ? url.slice(prefix.length) : undefined;
  }

  #upgrade(incoming: IncomingMessage, client: Socket, head: Buffer): void {
    const path = this.#pathOf(incoming);
    if (path === undefined) {
      client.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const upstream = connect(this.#options.target, "127.0.0.1");
    this.#sockets.add(upstream);
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on("error", end).on("close", end);
    const { rawHeaders } = incoming;
    const lines = rawHeaders.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`));
    upstream.write(`GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
    upstream.write(head);
    client.pipe(upstream).pipe(client);
  }
}
