import { connect, createServer, type Server, type Socket } from "node:net";

interface Pair {
  client: Socket;
  upstream: Socket;
  isWebSocket: boolean;
}

/** A TCP proxy on the loopback interface that can be told to misbehave. */
export class FaultProxy {
  readonly #server: Server;
  readonly #target: number;
  readonly #pairs = new Set<Pair>();
  #refuses = false;
  #status: number | undefined;
  #delayMs = 0;
  /** Bytes to the client until every connection is cut; counted for websockets only. */
  #bytesLeft: number | undefined;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => this.#connect(client));
  }

  static async start(target: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get baseUrl(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
  }

  /** How many websockets are open; connections of `fetch` live on for some seconds. */
  get webSockets(): number {
    return [...this.#pairs].filter(({ isWebSocket }) => isWebSocket).length;
  }

  /** Ends every connection, without a farewell. */
  cut(): void {
    for (const { client, upstream } of this.#pairs) {
      client.destroy();
      upstream.destroy();
    }
  }

  /** Passes so many more bytes to the client, in the middle of a message if it so happens. */
  cutAfter(bytes: number): void {
    this.#bytesLeft = bytes;
  }

  /** Passes nothing any more over the connections that are open; new ones work. */
  stall(): void {
    for (const { client, upstream } of this.#pairs) {
      client.removeAllListeners("data").on("data", () => undefined);
      upstream.removeAllListeners("data").on("data", () => undefined);
    }
  }

  /** Refuses new connections, or takes them again. */
  refuse(refuses: boolean): void {
    this.#refuses = refuses;
  }

  /** Answers new connections itself with this status, as a proxy does without its server. */
  answer(status: number | undefined): void {
    this.#status = status;
  }

  /** Holds up everything that goes to the client. */
  delay(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connect(client: Socket): void {
    if (this.#refuses) {
      client.destroy();
      return;
    }
    const status = this.#status;
    if (status !== undefined) {
      client.on("error", () => client.destroy());
      client.once("data", () => client.end(`HTTP/1.1 ${status} Bad\r\nContent-Length: 0\r\n\r\n`));
      return;
    }
    const upstream = connect(this.#target, "127.0.0.1");
    const pair = { client, upstream, isWebSocket: false };
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.on("error", end).on("close", end);
    }
    client.on("data", (data: Buffer) => {
      pair.isWebSocket ||= /^upgrade: websocket/im.test(data.toString("latin1"));
      upstream.write(data);
    });
    upstream.on("data", (data: Buffer) => this.#pass(client, data));
  }

  #pass(client: Socket, data: Buffer): void {
    if (this.#bytesLeft !== undefined) {
      const passed = data.subarray(0, this.#bytesLeft);
      this.#bytesLeft -= passed.length;
      if (passed.length > 0) client.write(passed);
      if (this.#bytesLeft > 0) return;
      this.#bytesLeft = undefined;
      // What was written goes out first.
      setImmediate(() => this.cut());
      return;
    }
    if (this.#delayMs === 0) client.write(data);
    else setTimeout(() => client.write(data), this.#delayMs);
  }
}
