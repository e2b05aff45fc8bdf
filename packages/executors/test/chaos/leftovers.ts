import { readdirSync, readFileSync, readlinkSync } from "node:fs";

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

/** The process with a name of its own; `undefined` without one. */
export function processCalled(name: string): number | undefined {
  const found = list("/proc").find((pid) => read(pid, "comm").trim() === name);
  return found === undefined ? undefined : Number(found);
}

/** The processes between this one and the relay of a command whose shell is called `id`. */
export function connectionOf(id: string): number[] {
  const pids = list("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const shell = pids.find(
    (pid) => parentOf(pid) === process.pid && read(String(pid), "cmdline").includes(id),
  );
  if (shell === undefined) return [];
  const pumps = pids.filter(
    (pid) => parentOf(pid) === shell && read(String(pid), "comm") === "cat\n",
  );
  return [shell, ...pumps];
}

function parentOf(pid: number): number | undefined {
  const stat = read(String(pid), "stat");
  return stat === "" ? undefined : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ", 2)[1]);
}

/** What the descriptors of this process lead to. */
export function openDescriptors(): string[] {
  return list("/proc/self/fd").map((name) => {
    try {
      return `${name} → ${readlinkSync(`/proc/self/fd/${name}`)}`;
    } catch {
      return `${name} → the listing itself`;
    }
  });
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
