import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { binaryProtocol } from "./binary-codec.js";
import { encodeJson } from "./json-codec.js";
import { readJupyterOptions } from "./jupyter-options.js";
import { JupyterServer } from "./jupyter-server.js";
import { KernelConnection } from "./kernel-connection.js";
import { kernelMessage } from "./kernel-message.js";
import { StartLimit } from "./start-limit.js";

const until = { timeout: 20_000 };

describe("The websocket of a kernel", () => {
  const http = createServer((_, response) => response.end('{"id":"the-kernel"}'));
  const sockets = new WebSocketServer({ server: http });
  const clients: WebSocket[] = [];
  let pongs = 0;
  sockets.on("connection", (socket, { headers }) => {
    expect(headers.authorization).toBe("token secret");
    clients.push(socket);
    socket.on("pong", () => pongs++);
  });
  beforeEach(() => new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve)));
  afterEach(async () => {
    vi.doUnmock("ws");
    delete sockets.options.handleProtocols;
    for (const client of clients.splice(0)) client.terminate();
    await new Promise((resolve) => http.close(resolve));
    pongs = 0;
  });

  /** Opens a connection to which the server sends `count` messages; resolves when all are there. */
  async function receive(count: number): Promise<void> {
    const { port } = http.address() as AddressInfo;
    const baseUrl = `http://127.0.0.1:${port}/`;
    const server = new JupyterServer(readJupyterOptions({ baseUrl, token: "secret" }));
    const types: unknown[] = [];
    const connection = new KernelConnection(server, "the-kernel", {
      onMessage: ({ header }) => types.push(header["msg_type"]),
      onReconnected: () => undefined,
      onLost: () => undefined,
    });
    const limit = new StartLimit(server, new AbortController().signal);
    try {
      await connection.open(limit);
      const sent = Array.from({ length: count }, (_, i) => `message-${i}`);
      for (const type of sent) {
        clients
          .at(-1)
          ?.send(encodeJson(kernelMessage("session", { channel: "iopub", type, content: {} })));
      }
      await vi.waitFor(() => expect(types).toEqual(sent), until);
    } finally {
      limit.end();
      connection.close();
    }
  }

  it("answers each message at once by a pong, which carries the acknowledgement", async () => {
    await receive(3);
    await vi.waitFor(() => expect(pongs).toBe(3), until);
  }, 60_000);

  it("opens without the binary sub-protocol where the server has none", async () => {
    const offers: string[][] = [];
    sockets.options.handleProtocols = (offered) => {
      offers.push([...offered]);
      return false;
    };
    await receive(3);
    expect(offers).toEqual([[binaryProtocol]]);
    expect(clients.map(({ protocol }) => protocol)).toEqual(["", ""]);
  }, 60_000);

  it.skipIf(!("WebSocket" in globalThis))(
    "is that of the platform where `ws` is not installed",
    async () => {
      vi.doMock("ws", () => {
        throw new Error("Cannot find package 'ws'");
      });
      await receive(3);
      expect(pongs).toBe(0);
    },
    60_000,
  );
});
