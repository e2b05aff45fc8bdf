import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { once } from "node:events";

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
