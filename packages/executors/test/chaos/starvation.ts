import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { once } from "node:events";

function softLimitOf(pid: number): string {
  const options = ["--pid", String(pid), "--nofile", "--output=SOFT", "--noheadings"];
  return execFileSync("prlimit", options, { encoding: "utf8" }).trim();
}

/** Of processes that are starving: what others read then would be no limit to return to. */
const starving = new Set<number>();

/** Leaves a process only `spare` more descriptors, for some milliseconds, unless it is starving. */
export async function starveOfDescriptors(
  pid: number,
  spare: number,
  durationMs: number,
): Promise<void> {
  if (starving.has(pid)) return;
  starving.add(pid);
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
  starving.delete(pid);
}

/** Whether this machine has what the above needs. */
export const canStarve = spawnSync("prlimit", ["--version"], { stdio: "ignore" }).status === 0;
