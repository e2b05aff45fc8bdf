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

async function forEachProcess(
  file: "stat" | "environ",
  visit: (pid: number, content: string) => void,
): Promise<void> {
  if (process.platform !== "linux") return;
  const names = await readdir("/proc").catch(() => []);
  await Promise.all(
    names.map(async (name) => {
      if (!/^\d+$/.test(name)) return;
      // A process that has ended meanwhile, or belongs to somebody else, cannot be read.
      const content = await readFile(`/proc/${name}/${file}`, "latin1").catch(() => undefined);
      if (content !== undefined) visit(Number(name), content);
    }),
  );
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
