import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { nodeWorkerProgram } from "../worker/node-program.js";
import type { NodeWorkerTask } from "../worker/node-worker.js";
import type { InstalledPyodide } from "./python-files.js";
import { toShared } from "./read-assets.js";
import { workerOptions } from "./worker-options.js";

const hashBytes = 32;
const making = new Map<string, Promise<Uint8Array<SharedArrayBuffer>>>();

/**
 * The memory of a Python that has started, from which others start several times as fast: made once
 * for each version of Pyodide and of the runtime, and kept in `directory`.
 */
export function loadSnapshot(
  pyodide: InstalledPyodide,
  directory: string | undefined,
): Promise<Uint8Array<SharedArrayBuffer>> {
  const key = `${keyOf(pyodide)} ${directory}`;
  let snapshot = making.get(key);
  if (snapshot === undefined) {
    snapshot = load(pyodide, directory);
    making.set(key, snapshot);
    snapshot.catch(() => making.delete(key));
  }
  return snapshot;
}

/** Where snapshots are kept: the user's directory for caches. */
export function defaultCacheDirectory(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === "win32") {
    return join(LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "codeact", "cache");
  }
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "codeact");
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "codeact");
}

async function load(
  pyodide: InstalledPyodide,
  directory: string | undefined,
): Promise<Uint8Array<SharedArrayBuffer>> {
  if (directory === undefined) return toShared(await make(pyodide));
  const path = join(directory, `pyodide-${pyodide.version}-${keyOf(pyodide)}.snapshot`);
  const kept = await readKept(path);
  if (kept !== undefined) return kept;
  const made = await make(pyodide);
  await keep(directory, path, made);
  return toShared(made);
}

/** What the snapshot depends on. */
function keyOf({ version, assets }: InstalledPyodide): string {
  const facts = JSON.stringify([version, process.version, assets.modules]);
  return createHash("sha256").update(facts).digest("hex").slice(0, 16);
}

/** A file that is damaged is none. */
async function readKept(path: string): Promise<Uint8Array<SharedArrayBuffer> | undefined> {
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch {
    return undefined;
  }
  const content = file.subarray(hashBytes);
  const isWhole = hashOf(content).equals(file.subarray(0, hashBytes));
  return isWhole ? toShared(content) : undefined;
}

async function keep(directory: string, path: string, snapshot: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(temporary, Buffer.concat([hashOf(snapshot), snapshot]), { mode: 0o600 });
    await rename(temporary, path);
  } catch {
    // A directory that cannot be written costs time and nothing else.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

async function make({ assets }: InstalledPyodide): Promise<Uint8Array> {
  const task: NodeWorkerTask = { type: "make-snapshot", assets };
  const worker = new Worker(nodeWorkerProgram, { ...workerOptions, workerData: task });
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("the worker ended")));
    });
  } finally {
    await worker.terminate();
  }
}
