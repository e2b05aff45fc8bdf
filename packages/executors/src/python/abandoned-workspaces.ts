import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { removeDirectory } from "./remove-directory.js";

const form = /^codeact-([0-9a-f]{8})-(\d+)-(\d+)-\w{6}$/;

/**
 * Begins the name of a temporary workspace, and says whose it is: so the next host to start finds
 * those of hosts that were killed. One that is to be kept names nobody.
 */
export function temporaryPrefix(isKept: boolean): string {
  return isKept ? "codeact-kept-" : `codeact-${place}-${process.pid}-${ownStart}-`;
}

/**
 * Removes the temporary workspaces in a directory whose hosts are gone. Those of other users,
 * machines and containers, of which nothing is known here, are left alone.
 */
export async function removeAbandoned(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    const [, itsPlace, pid, start] = form.exec(name) ?? [];
    if (itsPlace !== place || pid === undefined || start === undefined) continue;
    const path = join(directory, name);
    if (!(await isOwnDirectory(path)) || (await isAlive(Number(pid), start))) continue;
    // What cannot be removed now is tried again by the next host.
    await removeDirectory(path).catch(() => undefined);
  }
}

/** A number of a process means the same only within one place. */
const place = createHash("sha256")
  .update([hostname(), read("/proc/sys/kernel/random/boot_id"), processNamespace()].join("\n"))
  .digest("hex")
  .slice(0, 8);

const ownStart = startOf(read("/proc/self/stat"));

async function isOwnDirectory(path: string): Promise<boolean> {
  const status = await lstat(path).catch(() => undefined);
  if (status?.isDirectory() !== true) return false;
  return process.getuid === undefined || status.uid === process.getuid();
}

/** Numbers of processes are used again; on Linux their start tells them apart. */
async function isAlive(pid: number, start: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  if (stat === "") return true;
  // One that has ended, but that nobody has asked for how, is a zombie.
  return fieldsOf(stat)[0] !== "Z" && startOf(stat) === start;
}

/** When a process started, in ticks since the machine did; 0 where that is not known. */
function startOf(stat: string): string {
  return fieldsOf(stat)[19] ?? "0";
}

/** From the third on: the name before stands in parentheses and may hold any character. */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function processNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
