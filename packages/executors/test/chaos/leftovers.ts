import { readdirSync, readFileSync } from "node:fs";

/** The live processes whose command line or environment holds `text`, with their command lines. */
export function processesWith(text: string): string[] {
  return list("/proc")
    .filter((name) => /^\d+/.test(name) && Number(name) !== process.pid)
    .filter(
      (name) =>
        name.startsWith("0 ") ||
        read(name, "cmdline").includes(text) ||
        read(name, "environ").includes(text),
    )
    .map((name) => `${name}: ${read(name, "cmdline").replaceAll("\0", " ").slice(0, 200)}`);
}

/** The supervisor of a session, a child of this process; `undefined` if one of them has ended. */
export function supervisorOf(session: number): number | undefined {
  const parent = parentOf(session);
  const isOurs = parent !== undefined && parentOf(parent) === process.pid;
  return isOurs ? parent : undefined;
}

function parentOf(pid: number): number | undefined {
  const stat = read(String(pid), "stat");
  return stat === "" ? undefined : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ", 2)[1]);
}

/** How many descriptors this process has open. */
export function openDescriptors(): number {
  return list("/proc/self/fd").length;
}

/** The entries of a directory; one that cannot be read, as without free descriptors, says so. */
export function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    return [`0 (${String(error)})`];
  }
}

function read(process: string, file: string): string {
  try {
    return readFileSync(`/proc/${process}/${file}`, "latin1");
  } catch {
    return "";
  }
}
