import { execFileSync } from "node:child_process";

/** Whether a process of this machine runs. One that ended and was not waited for does not. */
export function isRunning(process: number): boolean {
  try {
    const state = execFileSync("ps", ["-o", "stat=", "-p", String(process)]).toString();
    return !state.startsWith("Z");
  } catch {
    return false;
  }
}
