import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { inspect } from "node:util";
import { CodeActError } from "@codeact/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocketServer } from "ws";
import { JupyterExecutor } from "./jupyter-executor.js";

const token = "secret-token";
const kernelId = "the-kernel";

/** Behaves as a server that gives one kernel does, as far as the requests go. */
function withKernel(): RequestListener {
  let isThere = true;
  return (request, response) => {
    isThere &&= request.method !== "DELETE";
    response.statusCode = isThere ? 200 : 404;
    response.end(JSON.stringify({ id: kernelId, name: "python3" }));
  };
}

describe("A start without an end", () => {
  let closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing) close();
    closing = [];
  });

  async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
    const sockets = new Set<Socket>();
    server.on("connection", (socket: Socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  /** The error of a start, which must not tell the token. */
  async function failure(baseUrl: string, startTimeoutMs = 500): Promise<string> {
    const executor = new JupyterExecutor({ baseUrl, token, startTimeoutMs });
    const error: unknown = await executor.start().catch((thrown: unknown) => thrown);
    await executor.close();
    expect(CodeActError.isInstance(error) && error.code).toBe("executor-start");
    expect(inspect(error, { depth: Infinity })).not.toContain(token);
    return (error as Error).message;
  }

  it("says that nobody listens", async () => {
    const baseUrl = await listen(createServer());
    for (const close of closing) close();
    expect(await failure(baseUrl)).toBe(
      `No kernel of ${baseUrl} was ready within 500 ms: it cannot be reached (ECONNREFUSED); ` +
        "check that it runs, and the option `baseUrl`.",
    );
  });

  it("says that the name of the host is unknown", async () => {
    expect(await failure("http://no-such-host.invalid/")).toMatch(
      /\((ENOTFOUND|EAI_AGAIN)\); check the name of the host/,
    );
  });

  it("says at once that the server does not speak https", async () => {
    const baseUrl = await listen(createServer(withKernel()));
    const message = await failure(baseUrl.replace("http:", "https:"), 60_000);
    expect(message).toContain("check whether it speaks https or http");
  });

  it("says which status a proxy answers", async () => {
    const baseUrl = await listen(
      createServer((request, response) => {
        response.statusCode = 502;
        response.end(`Bad gateway for ${request.headers.authorization}`);
      }),
    );
    expect(await failure(baseUrl)).toContain(
      "ready within 500 ms: it answered with status 502: Bad gateway for token …; check that the server behind the proxy runs.",
    );
  });

  it("says that the server does not answer", async () => {
    const baseUrl = await listen(createTcpServer());
    expect(await failure(baseUrl)).toContain(
      "ready within 500 ms: it has not answered the request for one; raise the option `startTimeoutMs`",
    );
  }, 60_000);

  it("says at once that a server in front of a gateway will not do", async () => {
    const baseUrl = await listen(
      createServer((_, response) => response.writeHead(201).end("null")),
    );
    expect(await failure(baseUrl, 60_000)).toContain(
      "names no kernel; if it is a Jupyter Server in front of a gateway, give the address of the gateway",
    );
  });

  it("says that websockets do not pass", async () => {
    const server = createServer(withKernel());
    server.on("upgrade", (_, socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await failure(await listen(server), 60_000)).toMatch(
      /opens no websocket \(.+\); check that what is between lets websockets pass\./,
    );
  });

  it("says that the websocket does not open", async () => {
    const server = createServer(withKernel());
    server.on("upgrade", () => undefined);
    expect(await failure(await listen(server))).toContain(
      `the websocket to its kernel ${kernelId} does not open; raise`,
    );
  });

  it("says that the kernel does not answer", async () => {
    const server = createServer(withKernel());
    const baseUrl = await listen(server);
    const sockets = new WebSocketServer({ server });
    closing.push(() => sockets.close());
    expect(await failure(baseUrl)).toContain(
      `its kernel ${kernelId} was started and does not answer; raise`,
    );
  });

  it("shuts down what a server gives much later, under an id of its own", async () => {
    let isDeleted = false;
    const server = createServer(({ method, url }, response) => {
      isDeleted ||= method === "DELETE" && url === `/api/kernels/${kernelId}`;
      const answer = () => response.writeHead(isDeleted ? 404 : 201).end(`{"id":"${kernelId}"}`);
      setTimeout(answer, method === "POST" ? 5_000 : 0);
    });
    const message = await failure(await listen(server), 100);
    expect(message).toContain("it has not answered the request for one");
    // Its executor is closed by now.
    expect(isDeleted).toBe(false);
    await vi.waitFor(() => expect(isDeleted).toBe(true), 30_000);
  }, 60_000);
});
