import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { abortable } from "../../python/waiting.js";
import { SharedResults } from "../host/shared-results.js";
import { nodeWorkerProgram } from "../worker/node-program.js";
import type { NodeWorkerTask } from "../worker/node-worker.js";
import type { InstalledPyodide } from "./python-files.js";
import { toShared } from "./read-assets.js";
import { workerOptions } from "./worker-options.js";

type Snapshot = Uint8Array<SharedArrayBuffer>;

const hashBytes = 32;
/** Snapshots of other versions that are kept: of programs that share the directory. */
const maxOthers = 3;
/** What is older is nobody's unfinished file. */
const unfinishedMs = 3_600_000;
/** A snapshot that Pyodide does not take is `undefined`. */
const loaded = new SharedResults<string, Snapshot | undefined>();

/**
 * The memory of a Python that has started, from which others start several times as fast: made once
 * for each version of Pyodide and of the runtime, and kept in `directory`. `undefined` where Pyodide
 * cannot start from one.
 */
export function loadSnapshot(
  pyodide: InstalledPyodide,
  directory: string | undefined,
  signal: AbortSignal,
): Promise<Snapshot | undefined> {
  const key = `${keyOf(pyodide)} ${directory}`;
  return loaded.get(key, (stopped) => load(pyodide, directory, stopped), signal);
}

/** Starts go without a snapshot from now on, in this process; the next one makes it anew. */
export async function giveUpSnapshot(
  pyodide: InstalledPyodide,
  directory: string | undefined,
): Promise<void> {
  loaded.set(`${keyOf(pyodide)} ${directory}`, undefined);
  if (directory === undefined) return;
  await rm(pathOf(pyodide, directory), { force: true }).catch(() => undefined);
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
  stopped: AbortSignal,
): Promise<Snapshot> {
  if (directory === undefined) return toShared(await make(pyodide, stopped));
  const path = pathOf(pyodide, directory);
  const kept = await readKept(path);
  if (kept !== undefined) return kept;
  const made = await make(pyodide, stopped);
  await keep(directory, path, made);
  return toShared(made);
}

function pathOf(pyodide: InstalledPyodide, directory: string): string {
  return join(directory, `pyodide-${pyodide.version}-${keyOf(pyodide)}.snapshot`);
}

/** What the snapshot depends on. */
function keyOf({ version, assets }: InstalledPyodide): string {
  const facts = JSON.stringify([version, process.version, assets.modules]);
  return createHash("sha256").update(facts).digest("hex").slice(0, 16);
}

/** A file that is damaged is none. */
async function readKept(path: string): Promise<Snapshot | undefined> {
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch {
    return undefined;
  }
  const content = file.subarray(hashBytes);
  if (!hashOf(content).equals(file.subarray(0, hashBytes))) return undefined;
  // The ones that were used last are those that are kept.
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
  return toShared(content);
}

async function keep(directory: string, path: string, snapshot: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(temporary, Buffer.concat([hashOf(snapshot), snapshot]), { mode: 0o600 });
    await rename(temporary, path);
    await removeOld(directory, path);
  } catch {
    // A directory that cannot be written costs time and nothing else.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/** Removes snapshots that nobody has used for long. Who has read one does not need the file any more. */
async function removeOld(directory: string, made: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) =>
    /^pyodide-.*\.snapshot(\.\d+)?$/.test(name),
  );
  const paths = names.map((name) => join(directory, name)).filter((path) => path !== made);
  const files = await Promise.all(
    paths.map(async (path) => {
      // Another process may have removed it meanwhile.
      const found = await stat(path).catch(() => undefined);
      return { path, usedMs: found?.mtimeMs ?? 0, isWhole: path.endsWith(".snapshot") };
    }),
  );
  const whole = files.filter(({ isWhole }) => isWhole).sort((a, b) => b.usedMs - a.usedMs);
  const unfinished = files.filter(
    ({ isWhole, usedMs }) => !isWhole && usedMs < Date.now() - unfinishedMs,
  );
  for (const { path } of [...whole.slice(maxOthers), ...unfinished])
    await rm(path, { force: true });
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

async function make({ assets }: InstalledPyodide, stopped: AbortSignal): Promise<Uint8Array> {
  stopped.throwIfAborted();
  const task: NodeWorkerTask = { type: "make-snapshot", assets };
  const worker = new Worker(nodeWorkerProgram, workerOptions);
  worker.postMessage(task);
  try {
    const made = new Promise<Uint8Array>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("the worker ended")));
    });
    return await abortable(made, stopped);
  } finally {
    await worker.terminate();
  }
}
