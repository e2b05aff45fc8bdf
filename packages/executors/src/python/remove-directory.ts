import { randomUUID } from "node:crypto";
import * as sync from "node:fs";
import * as asynchronous from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = sync.constants;
const directoryFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
/** `O_PATH` of Linux, which Node does not name: opens what may not be read. */
const pathFlags = directoryFlags | 0o10000000;
/** As many directories are open at once, however deep a tree is. */
const maxDepth = 32;
const maxRounds = 8;
/** After so many names the host may do something else. */
const namesAtOnce = 64;
/** A host that is out of descriptors mostly has some again soon. */
const starvedRetries = { count: 50, delayMs: 100 };
const removal = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 } as const;

/**
 * Removes a directory with everything in it. Code that runs may change it meanwhile: nothing
 * outside of it is removed then, whatever it does. Only Linux can do that; elsewhere a link that
 * the code puts into a path at the right moment is followed.
 */
export async function removeDirectory(path: string): Promise<void> {
  if (process.platform !== "linux") return asynchronous.rm(path, removal);
  for (let attempt = 1; ; attempt++) {
    try {
      return await removeInSteps(path);
    } catch (error) {
      const isStarved = hasCode(error, "EMFILE", "ENFILE");
      if (!isStarved || attempt === starvedRetries.count) throw error;
      await delay(starvedRetries.delayMs);
    }
  }
}

async function removeInSteps(path: string): Promise<void> {
  const steps = remove(path);
  let step = steps.next();
  while (step.done !== true) {
    // Large trees must not hold up the host.
    await new Promise((resolve) => setImmediate(resolve));
    step = steps.next();
  }
}

/** The same at once, for a host that exits. */
export function removeDirectoryNow(path: string): void {
  if (process.platform !== "linux") return sync.rmSync(path, removal);
  for (const _ of remove(path)) continue;
}

/** Pauses after each part of the work. */
function* remove(path: string): Generator<void> {
  const root = openDirectory(path);
  if (root === undefined) return;
  try {
    for (let round = 1; ; round++) {
      try {
        // What was too deep has been moved up.
        while (yield* empty(root, root, 0)) continue;
        sync.rmdirSync(path);
        return;
      } catch (error) {
        // Code that is about to end still writes.
        if (round === maxRounds || !hasCode(error, "ENOTEMPTY")) throw error;
      }
    }
  } finally {
    sync.closeSync(root);
  }
}

/** Returns whether something was moved to the root instead of removed. */
function* empty(root: number, directory: number, depth: number): Generator<void, boolean> {
  const path = pathOf(directory);
  let hasMoved = false;
  // Names of any bytes.
  const names = sync.readdirSync(path, { encoding: "buffer" });
  for (const [index, name] of names.entries()) {
    if (index % namesAtOnce === 0) yield;
    const entry = Buffer.concat([Buffer.from(`${path}/`), name]);
    if (isUnlinked(entry)) continue;
    if (depth >= maxDepth) {
      sync.renameSync(entry, `${pathOf(root)}/${randomUUID()}`);
      hasMoved = true;
      continue;
    }
    const child = openDirectory(entry);
    if (child === undefined) continue;
    try {
      hasMoved = (yield* empty(root, child, depth + 1)) || hasMoved;
    } finally {
      sync.closeSync(child);
    }
    removeEmpty(entry);
  }
  return hasMoved;
}

function removeEmpty(path: Buffer): void {
  try {
    sync.rmdirSync(path);
  } catch (error) {
    // The code has put something else in its place.
    if (!hasCode(error, "ENOENT", "ENOTDIR")) throw error;
  }
}

/** Removes what is no directory. */
function isUnlinked(path: Buffer): boolean {
  try {
    sync.unlinkSync(path);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return true;
    // The first is what Linux says.
    if (hasCode(error, "EISDIR", "EPERM")) return false;
    throw error;
  }
}

/** Opens a directory, never through a link, and lets it be emptied; `undefined` without one. */
function openDirectory(path: string | Buffer): number | undefined {
  try {
    return openToEmpty(path);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "ELOOP")) return undefined;
    if (!hasCode(error, "EACCES")) throw error;
  }
  const descriptor = sync.openSync(path, pathFlags);
  try {
    sync.chmodSync(pathOf(descriptor), 0o700);
  } finally {
    sync.closeSync(descriptor);
  }
  return openToEmpty(path);
}

function openToEmpty(path: string | Buffer): number {
  const descriptor = sync.openSync(path, directoryFlags);
  sync.fchmodSync(descriptor, 0o700);
  return descriptor;
}

function pathOf(descriptor: number): string {
  return `/proc/self/fd/${descriptor}`;
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? "");
}
