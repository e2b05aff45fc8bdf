import { readdir, readFile } from "node:fs/promises";

/**
 * The processes below `root`, also those that left its process group. Only Linux can tell;
 * elsewhere there are none.
 */
export async function descendantsOf(root: number): Promise<number[]> {
  const children = new Map<number, number[]>();
  await forEachProcess("stat", (pid, stat) => {
    // The name stands in parentheses and may itself hold any character.
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ", 2)[1]);
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [pid]);
    else siblings.push(pid);
  });
  const found: number[] = [];
  const queue = [root];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    for (const child of children.get(pid) ?? []) {
      found.push(child);
      queue.push(child);
    }
  }
  return found;
}

/** The processes that were started with `variable` (`NAME=value`) in their environment. */
export async function processesWithVariable(variable: string): Promise<number[]> {
  const found: number[] = [];
  await forEachProcess("environ", (pid, environment) => {
    if (environment.split("\0").includes(variable)) found.push(pid);
  });
  return found;
}

/** How many files are open at once, of a host that may have few descriptors to spare. */
const maxOpenFiles = 8;
const starvedPauseMs = 50;
const maxStarvedPauses = 100;

async function forEachProcess(
  file: "stat" | "environ",
  visit: (pid: number, content: string) => void,
): Promise<void> {
  if (process.platform !== "linux") return;
  const names = (await unlessStarved(() => readdir("/proc"))) ?? [];
  const remaining = names.filter((name) => /^\d+$/.test(name));
  const visitRemaining = async (): Promise<void> => {
    for (let name = remaining.pop(); name !== undefined; name = remaining.pop()) {
      const path = `/proc/${name}/${file}`;
      const content = await unlessStarved(() => readFile(path, "latin1"));
      if (content !== undefined) visit(Number(name), content);
    }
  };
  await Promise.all(Array.from({ length: maxOpenFiles }, visitRemaining));
}

/**
 * Reads what may be there no more, or belongs to somebody else, which gives `undefined`. A host
 * without free descriptors waits for some: what it cannot see now it could never kill.
 */
async function unlessStarved<T>(read: () => Promise<T>): Promise<T | undefined> {
  for (let pauses = 0; ; pauses++) {
    try {
      return await read();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const isStarved = code === "EMFILE" || code === "ENFILE";
      if (!isStarved || pauses === maxStarvedPauses) return undefined;
      await new Promise((resolve) => setTimeout(resolve, starvedPauseMs));
    }
  }
}

/** Sends a signal; a process that has ended meanwhile needs none. A negative pid is a group. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
