import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const mib = 2 ** 20;

/** Makes a directory a disk of its own, which is soon full; returns how to undo it. */
export function mountSmallDisk(directory: string, sizeMb: number): (() => void) | undefined {
  const options = `size=${sizeMb}m,nr_inodes=4000,mode=700`;
  const mount = ["-t", "tmpfs", "-o", options, "codeact-chaos", directory];
  if (spawnSync("mount", mount, { stdio: "ignore" }).status !== 0) return undefined;
  const unmount = () => {
    spawnSync("umount", ["--lazy", directory], { stdio: "ignore" });
  };
  // A host that crashes is what chaos looks for: it should leave no mount.
  process.once("exit", unmount);
  return () => {
    process.removeListener("exit", unmount);
    unmount();
  };
}

/** Leaves nothing of the disk on which a directory is, for some milliseconds. */
export async function fillDisk(directory: string, durationMs: number): Promise<void> {
  const file = join(directory, `fill-${randomUUID()}`);
  try {
    for (const size of [mib, 4096, 1]) fillWith(file, Buffer.alloc(size));
    await new Promise((resolve) => setTimeout(resolve, durationMs));
  } finally {
    rmSync(file, { force: true });
  }
}

function fillWith(file: string, piece: Buffer): void {
  try {
    for (;;) appendFileSync(file, piece);
  } catch (error) {
    // The host itself may be starving as well.
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["ENOSPC", "EMFILE", "ENFILE"].includes(code)) throw error;
  }
}

function softLimitOf(pid: number): string {
  const options = ["--pid", String(pid), "--nofile", "--output=SOFT", "--noheadings"];
  return execFileSync("prlimit", options, { encoding: "utf8" }).trim();
}

/** One at a time: a starving host could read no limit to return to, nor starve another. */
let isStarving = false;

/** Leaves a process only `spare` more descriptors, for some milliseconds, unless one is starving. */
export async function starveOfDescriptors(
  pid: number,
  spare: number,
  durationMs: number,
): Promise<void> {
  if (isStarving) return;
  isStarving = true;
  try {
    const limit = softLimitOf(pid);
    const allowed = readdirSync(`/proc/${pid}/fd`).length + spare;
    const set = (count: string | number) => `prlimit --pid ${pid} --nofile=${count}:`;
    // One process does all of it: a starved host could start none.
    const command = `${set(allowed)}; sleep ${durationMs / 1000}; ${set(limit)}`;
    await once(spawn("sh", ["-c", command], { stdio: "ignore" }), "exit");
  } catch (error) {
    // The process has ended meanwhile.
    if (existsSync(`/proc/${pid}`)) throw error;
  } finally {
    isStarving = false;
  }
}

/** Whether this machine has what the above needs. */
export const canStarve = spawnSync("prlimit", ["--version"], { stdio: "ignore" }).status === 0;
