import { describeExecutor } from "@codeact/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JupyterExecutor } from "../src/jupyter/index.js";
import { JupyterProcess } from "./jupyter-process.js";
import { targets } from "./targets.js";

/**
 * Attacks on the sockets of ipykernel itself. Their victim is the server: a shutdown request that it
 * cannot send to such a kernel blocks all of it (`send_multipart` in jupyter_client 8). They run by
 * `CODEACT_JUPYTER_ATTACK_SERVER=1 npm run test:jupyter`.
 */
const attacksOnServer = new Set([
  "writes garbage on the channel",
  "writes binary on the channel",
  "writes an unfinished frame",
  "forges the end of its cell",
  "forges the end of another cell",
  "forges a malformed result",
  "forges a tool call",
  "forges a call of a tool that was not declared",
  "forges display data",
  "claims a huge blob",
  "sends a header without end",
  "closes all descriptors",
]);
const attacksServer = process.env["CODEACT_JUPYTER_ATTACK_SERVER"] === "1";

/** Runs the conformance suite against a server; leaves out groups where asked to. */
export function testTarget(name: string, options: { without?: readonly string[] } = {}): void {
  const target = targets.find((each) => each.name === name);
  describe.skipIf(target === undefined)(name, () => {
    let server: JupyterProcess | undefined;
    const running = () => {
      if (server === undefined) throw new Error("The server did not start.");
      return server;
    };
    beforeAll(async () => {
      if (target !== undefined) server = await JupyterProcess.start(target);
    }, 90_000);
    afterAll(async () => {
      try {
        expect(await running().kernels()).toEqual([]);
      } finally {
        await server?.stop();
      }
    }, 60_000);

    let group = "";
    describeExecutor(
      "JupyterExecutor",
      () => new JupyterExecutor({ baseUrl: running().baseUrl, token: running().token }),
      {
        suite: {
          describe(title, body) {
            describe(title, () => {
              group = title;
              body();
            });
          },
          it(title, body, timeoutMs) {
            const isLeftOut = options.without?.includes(group) === true;
            const isDangerous = attacksOnServer.has(title) && !attacksServer;
            it.skipIf(isLeftOut || isDangerous)(title, body, timeoutMs);
          },
          afterAll,
        },
      },
    );
  });
}
