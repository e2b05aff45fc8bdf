import { abortable } from "../../python/waiting.js";
import { SharedResults } from "../host/shared-results.js";
import type { PyodideWorker } from "../pyodide-options.js";
import { readWorkerReport } from "../line/worker-report.js";
import type { BrowserWorkerTask } from "../worker/browser-task.js";
import type { LoadedPyodide } from "./load-pyodide.js";
import { describeWorkerError } from "./start-worker.js";

const cacheName = "codeact-pyodide";
const loaded = new SharedResults<LoadedPyodide, Uint8Array<ArrayBuffer>>();

/** How snapshots are made and kept. */
export interface SnapshotOptions {
  startWorker: () => PyodideWorker;
  /** Whether they outlive the page. */
  isKept: boolean;
}

/**
 * The memory of a Python that has started, from which others start several times as fast: made once
 * for each version of Pyodide and of the runtime, and kept in the browser's cache storage.
 */
export function loadSnapshot(
  pyodide: LoadedPyodide,
  options: SnapshotOptions,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  return loaded.get(pyodide, (stopped) => load(pyodide, options, stopped), signal);
}

/** Forgets a snapshot that does not load, so that another is made. */
export async function forgetSnapshot(pyodide: LoadedPyodide): Promise<void> {
  loaded.delete(pyodide);
  const cache = await openCache();
  if (cache === undefined) return;
  // One that cannot be removed is found bad again.
  await cache.delete(await keyOf(pyodide)).catch(() => false);
}

async function load(
  pyodide: LoadedPyodide,
  { startWorker, isKept }: SnapshotOptions,
  stopped: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const cache = isKept ? await openCache() : undefined;
  if (cache === undefined) return make(pyodide, startWorker, stopped);
  const key = await keyOf(pyodide);
  const kept = await cache.match(key);
  if (kept !== undefined) return new Uint8Array(await kept.arrayBuffer());
  const made = await make(pyodide, startWorker, stopped);
  await keep(cache, key, made);
  return made;
}

/** There is none where the page is not served securely, or the user forbids it. */
async function openCache(): Promise<Cache | undefined> {
  if (typeof caches === "undefined") return undefined;
  return caches.open(cacheName).catch(() => undefined);
}

/** A URL that nobody requests. */
async function keyOf({ identity }: LoadedPyodide): Promise<string> {
  const digests = await Promise.all(identity.map((part) => crypto.subtle.digest("SHA-256", part)));
  const bytes = digests.flatMap((digest) => [...new Uint8Array(digest).subarray(0, 8)]);
  const name = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `https://snapshot.invalid/${name}`;
}

async function keep(cache: Cache, key: string, snapshot: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    await cache.put(key, new Response(snapshot));
    for (const other of await cache.keys()) {
      // Of another version: whoever uses it has read it already.
      if (other.url !== key) await cache.delete(other);
    }
  } catch {
    // Where there is no room for it, the next page makes its own.
  }
}

async function make(
  { assets }: LoadedPyodide,
  startWorker: () => PyodideWorker,
  stopped: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  stopped.throwIfAborted();
  const worker = startWorker();
  const made = new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    worker.addEventListener("message", (event) => {
      const report = readWorkerReport((event as { data: unknown }).data);
      if (report?.type === "snapshot") resolve(report.bytes);
      else reject(new Error("Python did not start"));
    });
    worker.addEventListener("error", (event) => reject(new Error(describeWorkerError(event))));
    worker.postMessage({ type: "make-snapshot", assets } satisfies BrowserWorkerTask);
  });
  return abortable(made, stopped).finally(() => worker.terminate());
}
