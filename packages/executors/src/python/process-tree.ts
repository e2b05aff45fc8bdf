import { readdirSync, readFileSync } from "node:fs";
import { setImmediate, setTimeout } from "node:timers/promises";

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

/** So many files are read before the event loop gets its turn: about a millisecond. */
const filesInARow = 50;
const starvedPauseMs = 50;
const maxStarvedPauses = 100;

async function forEachProcess(
  file: "stat" | "environ",
  visit: (pid: number, content: string) => void,
): Promise<void> {
  if (process.platform !== "linux") return;
  const names = (await unlessStarved(() => readdirSync("/proc"))) ?? [];
  for (const [index, name] of names.filter((each) => /^\d+$/.test(each)).entries()) {
    // The kernel answers from memory; a thread for each file would take many times as long.
    const content = await unlessStarved(() => readFileSync(`/proc/${name}/${file}`, "latin1"));
    if (content !== undefined) visit(Number(name), content);
    if (index % filesInARow === 0) await setImmediate();
  }
}

/**
 * Reads what may be there no more, or belongs to somebody else, which gives `undefined`. A host
 * without free descriptors waits for some: what it cannot see now it could never kill.
 */
async function unlessStarved<T>(read: () => T): Promise<T | undefined> {
  for (let pauses = 0; ; pauses++) {
    try {
      return read();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const isStarved = code === "EMFILE" || code === "ENFILE";
      if (!isStarved || pauses === maxStarvedPauses) return undefined;
      await setTimeout(starvedPauseMs);
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
