import { Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { SharedTransport } from "../host/shared-transport.js";
import { SharedLine } from "../line/shared-line.js";
import { readAssets, toShared } from "../node/read-assets.js";
import type { PackageAssets } from "./boot.js";
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
  const packagesAt = planBytes + plan.snapshotBytes;
  const packageBytes = plan.packages?.files.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0;
  const packetsAt = packagesAt + packageBytes;
  if (receivedBytes < packetsAt) return;
  const received = Buffer.concat(pieces);
  pieces = [];
  channel.off("data", collect);
  channel.pause();
  void start(plan, {
    snapshot: received.subarray(planBytes, packagesAt),
    packages: received.subarray(packagesAt, packetsAt),
    packets: received.subarray(packetsAt),
  });
}

function unpack({ names, lock, files }: NonNullable<ChildPlan["packages"]>, bytes: Buffer) {
  let end = 0;
  const contents = files.map(({ name, bytes: length }) => {
    end += length;
    return [name, toShared(bytes.subarray(end - length, end))];
  });
  return { names, lock, files: Object.fromEntries(contents) as PackageAssets["files"] };
}

async function start(
  task: ChildPlan,
  { snapshot, packages, packets }: Record<"snapshot" | "packages" | "packets", Buffer>,
): Promise<void> {
  const memory = SharedLine.allocate();
  const transport = new SharedTransport(memory);
  const assets = await readAssets(task.pyodideDirectory, task.modules);
  if (task.packages !== undefined) assets.packages = unpack(task.packages, packages);
  if (snapshot.length > 0) assets.snapshot = toShared(snapshot);
  const worker = new Worker(task.workerProgram, {
    ...confinedWorkerOptions(),
    workerData: {
      type: "run",
      memory,
      plan: { ...task.run, assets },
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
