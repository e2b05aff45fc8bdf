import { Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { bytesOf, joinBytes } from "../../bridge/utf8.js";
import { SharedTransport } from "../host/shared-transport.js";
import { packetHead, packetKinds } from "../line/packet.js";
import { SharedLine } from "../line/shared-line.js";
import { readAssets } from "../node/read-assets.js";
import type { PackageAssets, PythonAssets } from "./boot.js";
import type { WorkerPlan } from "./interpreter.js";
import type { NodeWorkerTask } from "./node-worker.js";
import { confinedWorkerOptions } from "../node/worker-options.js";

/** The first line that the host writes to a child process; the bytes of the snapshot and of packages follow. */
export interface ChildPlan {
  /** The text of the program for the worker. */
  workerProgram: string;
  pyodideDirectory: string;
  modules: Readonly<Record<string, string>>;
  snapshotBytes: number;
  /** Their wheels follow the snapshot. */
  packages:
    | (Pick<PackageAssets, "names" | "lock"> & { files: { name: string; bytes: number }[] })
    | undefined;
  run: Pick<WorkerPlan, "memoryLimitBytes" | "maxWorkspaceBytes" | "workspace">;
}

// What V8 has by Node 26. In older ones Python passed it by its mere start, and what then compiled it anew
// took turns with it.
setFlagsFromString("--wasm-tiering-budget=13000000");

const newline = 0x0a;
/** What the host has not taken yet; above it, Python waits. */
const maxUntakenBytes = 1_048_576;
const maxReasonCharacters = 500;

const channel = new Socket({ fd: 3, readable: true, writable: true });
const interrupts = new Socket({ fd: 4, readable: true, writable: false });
// The host is gone: so is everything here.
channel.on("close", () => process.exit(0));
channel.on("error", () => process.exit(0));
interrupts.on("error", () => {});

let received: Buffer = Buffer.alloc(0);
channel.on("data", readPlan);

/** The plan comes first; while the rest comes, Pyodide is read and the worker begins. */
function readPlan(chunk: Buffer): void {
  received = Buffer.concat([received, chunk]);
  const end = received.indexOf(newline);
  if (end === -1) return;
  channel.off("data", readPlan);
  const plan = JSON.parse(received.toString("utf8", 0, end)) as ChildPlan;
  const worker = new Worker(plan.workerProgram, confinedWorkerOptions());
  const assets = readAssets(plan.pyodideDirectory, plan.modules);
  const lengths = [plan.snapshotBytes, ...(plan.packages?.files ?? []).map(({ bytes }) => bytes)];
  void receive(lengths, received.subarray(end + 1)).then(async ({ parts, rest }) =>
    start(worker, plan, { assets: await assets, parts, packets: rest }),
  );
}

/** Puts what comes into memory that the worker shares, until all parts are there. */
function receive(
  lengths: readonly number[],
  first: Buffer,
): Promise<{ parts: Uint8Array[]; rest: Buffer }> {
  const parts = lengths.map((length) => new Uint8Array(new SharedArrayBuffer(length)));
  let index = 0;
  let filled = 0;
  return new Promise((resolve) => {
    const take = (chunk: Buffer): void => {
      let offset = 0;
      for (let part = parts[index]; part !== undefined; part = parts[index]) {
        const piece = chunk.subarray(offset, offset + part.length - filled);
        part.set(piece, filled);
        offset += piece.length;
        filled += piece.length;
        if (filled < part.length) return;
        index++;
        filled = 0;
      }
      channel.off("data", take);
      channel.pause();
      resolve({ parts, rest: chunk.subarray(offset) });
    };
    channel.on("data", take);
    take(first);
  });
}

function start(
  worker: Worker,
  plan: ChildPlan,
  { assets, parts, packets }: { assets: PythonAssets; parts: Uint8Array[]; packets: Buffer },
): void {
  const memory = SharedLine.allocate();
  const transport = new SharedTransport(memory);
  const [snapshot, ...wheels] = parts;
  if (snapshot !== undefined && snapshot.length > 0) assets.snapshot = snapshot;
  if (plan.packages !== undefined) {
    const { names, lock, files } = plan.packages;
    const contents = files.map(({ name }, index) => [name, wheels[index]]);
    assets.packages = {
      names,
      lock,
      files: Object.fromEntries(contents) as PackageAssets["files"],
    };
  }
  worker.postMessage({
    type: "run",
    memory,
    plan: { ...plan.run, assets },
  } satisfies NodeWorkerTask);
  transport.onBytes((bytes) => {
    channel.write(bytes);
    if (channel.writableLength > maxUntakenBytes) transport.pause();
  });
  channel.on("drain", () => transport.resume());
  worker.on("message", () => transport.look());
  let failure: string | undefined;
  // Such as the end of JavaScript's memory; the exit follows.
  worker.on("error", (error: unknown) => {
    failure = error instanceof Error ? error.message : String(error);
  });
  worker.on("exit", () => {
    transport.drain();
    if (failure !== undefined) channel.write(endPacket(failure));
    channel.end();
  });
  interrupts.on("data", (signals: Buffer) => transport.interrupt(signals[0] ?? 0));
  transport.write([packets]);
  channel.on("data", (chunk: Buffer) => transport.write([chunk]));
  channel.resume();
}

/** What the worker itself would have said last. */
function endPacket(failure: string): Uint8Array {
  const reason = bytesOf(`its worker failed: ${failure.slice(0, maxReasonCharacters)}`);
  return joinBytes([packetHead(packetKinds.end, reason.length), reason]);
}
