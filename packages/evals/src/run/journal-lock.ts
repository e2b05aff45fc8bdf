import { randomUUID } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CodeActError } from "@codeact/core";
import { z } from "zod";

const holderSchema = z.object({ pid: z.int().positive(), host: z.string(), token: z.string() });
type Holder = z.infer<typeof holderSchema>;

/** How long the moments may last in which a lock has no content yet, or is being removed. */
const incompleteMs = 1000;
const pollMs = 20;

/** Locks that this process holds: another process may have had its id before. */
const ownTokens = new Set<string>();

/**
 * Lets one process at a time write a journal, by a file beside it that names the process. A lock
 * whose process was killed is taken over.
 */
export class JournalLock {
  readonly #file: string;
  readonly #token: string;

  private constructor(file: string, token: string) {
    this.#file = file;
    this.#token = token;
  }

  /** @throws `CodeActError` with code `invalid-option` while another process holds it */
  static async take(journal: string): Promise<JournalLock> {
    const file = `${journal}.lock`;
    const own: Holder = { pid: process.pid, host: hostname(), token: randomUUID() };
    ownTokens.add(own.token);
    try {
      while (!(await create(file, JSON.stringify(own)))) {
        const found = await contentOf(file);
        const holder = holderIn(found);
        if (holder !== undefined && mayLive(holder)) throw isHeld(file, holder);
        if (found !== undefined) await removeStale(file, found);
      }
      return new JournalLock(file, own.token);
    } catch (error) {
      ownTokens.delete(own.token);
      throw error;
    }
  }

  async release(): Promise<void> {
    ownTokens.delete(this.#token);
    const found = holderIn(await read(this.#file));
    if (found?.token === this.#token) await rm(this.#file, { force: true });
  }
}

/** Whether there was none before. */
async function create(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return false;
    throw error;
  }
}

/** What the lock says once it is complete; empty if a kill left it so, undefined if it is gone. */
async function contentOf(file: string): Promise<string | undefined> {
  const end = performance.now() + incompleteMs;
  for (;;) {
    const found = await read(file);
    if (found === undefined || holderIn(found) !== undefined) return found;
    if (performance.now() > end) return found;
    await sleep(pollMs);
  }
}

/** Removes a lock, unless another process was faster and has taken it meanwhile. */
async function removeStale(file: string, found: string): Promise<void> {
  // Of those who saw the stale lock, a slow one must not remove the new lock of a fast one.
  const turn = `${file}.takeover`;
  const end = performance.now() + incompleteMs;
  while (!(await create(turn, ""))) {
    if (performance.now() > end) await rm(turn, { force: true });
    else await sleep(pollMs);
  }
  try {
    if ((await read(file)) === found) await rm(file);
  } finally {
    await rm(turn, { force: true });
  }
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

function holderIn(text: string | undefined): Holder | undefined {
  if (text === undefined) return undefined;
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Processes of other hosts cannot be asked. */
function mayLive({ pid, host, token }: Holder): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return ownTokens.has(token);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isSystemError(error, "ESRCH");
  }
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function isHeld(file: string, { pid, host }: Holder): CodeActError {
  return new CodeActError(
    "invalid-option",
    `Another run writes to the folder ${path.dirname(file)}: process ${pid} on ${host}. Wait for it, ` +
      `end it, or give another output folder. If there is no such run, remove ${file}.`,
  );
}
