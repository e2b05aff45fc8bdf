import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CodeActError } from "@codeact/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { decodeJson, encodeJson } from "./json-codec.js";
import { JupyterExecutor } from "./jupyter-executor.js";
import { kernelMessage, type Members, type OutgoingMessage } from "./kernel-message.js";

/** A gateway without a Contents API; its kernel asks for input in every cell, as that of R may. */
function inquisitiveGateway() {
  let isThere = true;
  const http = createServer(({ method, url }, response) => {
    isThere &&= method !== "DELETE";
    const isKernel = isThere && url?.startsWith("/api/kernels") === true;
    response.writeHead(isKernel ? 200 : 404).end('{"id":"the-kernel"}');
  });
  const sockets = new WebSocketServer({ server: http, handleProtocols: () => false });
  sockets.on("connection", (socket) => {
    let parentHeader: Members = {};
    socket.on("message", (data: Buffer) => {
      const { channel, header, content } = decodeJson(data.toString());
      if (channel === "shell") parentHeader = header;
      const send = (message: OutgoingMessage) =>
        socket.send(encodeJson(kernelMessage("kernel", { parentHeader, ...message })));
      switch (header["msg_type"]) {
        case "kernel_info_request":
          send({
            channel: "shell",
            type: "kernel_info_reply",
            content: { language_info: { name: "R" } },
          });
          break;
        case "execute_request":
          send({ channel: "stdin", type: "input_request", content: { prompt: "name? " } });
          break;
        case "input_reply": {
          const text = `got ${JSON.stringify(content["value"])}\n`;
          send({ channel: "iopub", type: "stream", content: { name: "stdout", text } });
          send({ channel: "shell", type: "execute_reply", content: { status: "ok" } });
          send({ channel: "iopub", type: "status", content: { execution_state: "idle" } });
        }
      }
    });
  });
  return { http, sockets };
}

describe("A kernel of another language", () => {
  const { http, sockets } = inquisitiveGateway();
  beforeAll(() => new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve)));
  afterAll(async () => {
    sockets.close();
    const closed = new Promise((resolve) => http.close(resolve));
    http.closeAllConnections();
    await closed;
  });

  it("gets an empty line when it asks for input, and files are refused without an API", async () => {
    const { port } = http.address() as AddressInfo;
    const executor = new JupyterExecutor({ baseUrl: `http://127.0.0.1:${port}/` });
    try {
      const kernel = await executor.start();
      const { status, outputs } = await kernel.execute("readline('name? ')");
      expect(status).toBe("ok");
      expect(outputs).toMatchObject([
        { stream: "stderr", text: expect.stringContaining("Nobody is there to answer") as string },
        { stream: "stdout", text: 'got ""\n' },
      ]);
      const error: unknown = await kernel.files.read("a.txt").catch((thrown: unknown) => thrown);
      expect(CodeActError.isInstance(error) && error.code).toBe("workspace-file");
      expect(String(error)).toContain("the server has no Contents API");
    } finally {
      await executor.close();
    }
  }, 60_000);
});
