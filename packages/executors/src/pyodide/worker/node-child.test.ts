import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { Duplex } from "node:stream";
import { expect, it } from "vitest";
import { textOf } from "../../bridge/utf8.js";
import { packetKinds, PacketReader } from "../line/packet.js";
import { childCommand } from "../node/isolated-process.js";
import type { ChildPlan } from "./node-child.js";
import { nodeChildProgram } from "./node-program.js";

const pyodideDirectory = dirname(createRequire(import.meta.url).resolve("pyodide/package.json"));

/** The packets that a child process sends whose worker has this program. */
async function packetsOf(workerProgram: string): Promise<[kind: number, text: string][]> {
  const [program, ...rest] = childCommand(
    { pyodideDirectory, confinement: undefined },
    nodeChildProgram,
  );
  const child = spawn(program, rest, {
    cwd: pyodideDirectory,
    env: {},
    stdio: ["ignore", "ignore", "inherit", "pipe", "pipe"],
  });
  const channel = child.stdio[3] as Duplex;
  const plan: ChildPlan = {
    workerProgram,
    pyodideDirectory,
    modules: {},
    snapshotBytes: 0,
    packages: undefined,
    run: { memoryLimitBytes: 2 ** 30, maxWorkspaceBytes: 0, workspace: "/workspace" },
  };
  channel.write(`${JSON.stringify(plan)}\n`);
  const packets: [kind: number, text: string][] = [];
  const reader = new PacketReader((kind, content) => packets.push([kind, textOf(content)]));
  for await (const bytes of channel) reader.push(bytes as Uint8Array);
  return packets;
}

it("says why a worker failed that could not say it itself", async () => {
  const packets = await packetsOf(
    `require("node:worker_threads").parentPort.once("message", () => {
      throw new Error("there is no memory " + "left ".repeat(10_000));
    });`,
  );
  expect(packets.length).toBe(1);
  const [kind, text] = packets[0] ?? expect.fail();
  expect(kind).toBe(packetKinds.end);
  expect(text).toMatch(/^its worker failed: there is no memory left left/);
  expect(text.length).toBeLessThan(600);
});
