import { Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { SharedTransport } from "../host/shared-transport.js";
import { SharedLine } from "../line/shared-line.js";
import { readAssets, toShared } from "../node/read-assets.js";
import type { WorkerPlan } from "./interpreter.js";
import type { NodeWorkerTask } from "./node-worker.js";
import { workerOptions } from "../node/worker-options.js";

/** The first line that the host writes to a child process; the snapshot's bytes follow. */
export interface ChildPlan {
  /** The text of the program for the worker. */
  workerProgram: string;
  pyodideDirectory: string;
  modules: Readonly<Record<string, string>>;
  snapshotBytes: number;
  run: Pick<WorkerPlan, "memoryLimitBytes" | "maxWorkspaceBytes" | "workspace">;
}

const newline = 0x0a;
/** What the host has not taken yet; above it, Python waits. */
const maxUntakenBytes = 1_048_576;

const channel = new Socket({ fd: 3, readable: true, writable: true });
const interrupts = new Socket({ fd: 4, readable: true, writable: false });
// The host is gone: so is everything here.
channel.on("close", () => process.exit(0));
channel.on("error", () => process.exit(0));
interrupts.on("error", () => {});

let pieces: Buffer[] = [];
let receivedBytes = 0;
let plan: ChildPlan | undefined;
/** Where the snapshot begins. */
let planBytes = 0;
channel.on("data", collect);

function collect(chunk: Buffer): void {
  pieces.push(chunk);
  receivedBytes += chunk.length;
  if (plan === undefined && !chunk.includes(newline)) return;
  if (plan === undefined) {
    const received = Buffer.concat(pieces);
    planBytes = received.indexOf(newline) + 1;
    plan = JSON.parse(received.toString("utf8", 0, planBytes)) as ChildPlan;
  }
  const packetsAt = planBytes + plan.snapshotBytes;
  if (receivedBytes < packetsAt) return;
  const received = Buffer.concat(pieces);
  pieces = [];
  channel.off("data", collect);
  channel.pause();
  void start(plan, received.subarray(planBytes, packetsAt), received.subarray(packetsAt));
}

async function start(task: ChildPlan, snapshot: Buffer, packets: Buffer): Promise<void> {
  const memory = SharedLine.allocate();
  const transport = new SharedTransport(memory);
  const assets = await readAssets(task.pyodideDirectory, task.modules);
  const worker = new Worker(task.workerProgram, {
    ...workerOptions,
    workerData: {
      type: "run",
      memory,
      plan: { ...task.run, assets: { ...assets, snapshot: toShared(snapshot) } },
    } satisfies NodeWorkerTask,
  });
  transport.onBytes((bytes) => {
    channel.write(bytes);
    if (channel.writableLength > maxUntakenBytes) transport.pause();
  });
  channel.on("drain", () => transport.resume());
  worker.on("message", () => transport.look());
  worker.on("exit", () => {
    transport.drain();
    channel.end();
  });
  // It exits as well, and its last packet says why.
  worker.on("error", () => {});
  interrupts.on("data", (signals: Buffer) => transport.interrupt(signals[0] ?? 0));
  transport.write([packets]);
  channel.on("data", (chunk: Buffer) => transport.write([chunk]));
  channel.resume();
}
