import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
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
  const limit = softLimitOf(pid);
  // Begun before: a starved host starts no process.
  const restorer = spawn(
    "sh",
    ["-c", `sleep ${durationMs / 1000}; prlimit --pid ${pid} --nofile=${limit}:`],
    { stdio: "ignore" },
  );
  const allowed = readdirSync(`/proc/${pid}/fd`).length + spare;
  spawnSync("prlimit", ["--pid", String(pid), `--nofile=${allowed}:`], { stdio: "ignore" });
  await once(restorer, "exit");
  isStarving = false;
}

/** Whether this machine has what the above needs. */
export const canStarve = spawnSync("prlimit", ["--version"], { stdio: "ignore" }).status === 0;
