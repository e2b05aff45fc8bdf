import { constants } from "node:fs";
import { type FileHandle, mkdir, open, realpath, stat } from "node:fs/promises";
import { sep } from "node:path";

/** A path leads out of the workspace, or to something that is not an ordinary file. */
export class RefusedPathError extends Error {}

/** What is deeper is not listed or copied: each level takes a descriptor of the host. */
const maxDepth = 256;

/** @throws Error for a directory that is so deep that only hostile code makes it. */
export function checkDepth(depth: number): void {
  if (depth > maxDepth) throw new Error(`it is nested deeper than ${maxDepth} directories`);
}

const directoryFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * An open directory of the workspace. Entries are reached through its descriptor, so that a link
 * that the code puts into the path meanwhile leads nowhere. Only Linux can do that; elsewhere
 * paths are used, and {@link assertSame} checks afterwards what was opened.
 */
export class OpenDirectory {
  readonly #handle: FileHandle;
  readonly #path: string;

  private constructor(handle: FileHandle, path: string | Buffer) {
    this.#handle = handle;
    // Elsewhere than on Linux names are text.
    this.#path = process.platform === "linux" ? `/proc/self/fd/${handle.fd}` : String(path);
  }

  static async openRoot(path: string): Promise<OpenDirectory> {
    return new OpenDirectory(await open(path, directoryFlags), path);
  }

  /** The path of an entry, free of races on Linux as long as this is open. */
  entryPath(name: string): string;
  entryPath(name: string | Buffer): string | Buffer;
  entryPath(name: string | Buffer): string | Buffer {
    return typeof name === "string" ? `${this.#path}/${name}` : pathBelow(this.#path, name);
  }

  /** The path for listing this directory. */
  get path(): string {
    return this.#path;
  }

  async openDirectory(name: string | Buffer): Promise<OpenDirectory> {
    const path = this.entryPath(name);
    try {
      return new OpenDirectory(await open(path, directoryFlags), path);
    } catch (error) {
      throw refuseLink(error);
    }
  }

  async makeDirectory(name: string): Promise<void> {
    try {
      await mkdir(this.entryPath(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }

  /** Opens an ordinary file, never through a link, and never waits for a writer of a pipe. */
  async openFile(name: string | Buffer, flags: number): Promise<FileHandle> {
    const path = this.entryPath(name);
    let handle: FileHandle;
    try {
      handle = await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o666);
    } catch (error) {
      throw refuseLink(error);
    }
    try {
      if (!(await handle.stat()).isFile()) throw new RefusedPathError("it is not an ordinary file");
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** The path of an entry whose name need not be text. */
export function pathBelow(directory: string | Buffer, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(directory), Buffer.from("/"), name]);
}

/** Opens the directory that `names` lead to, below `root`, making what is missing if asked to. */
export async function walk(
  root: string,
  names: readonly string[],
  makeMissing: boolean,
): Promise<OpenDirectory> {
  let directory = await OpenDirectory.openRoot(root);
  for (const name of names) {
    const parent = directory;
    try {
      if (makeMissing) await parent.makeDirectory(name);
      directory = await parent.openDirectory(name);
    } finally {
      await parent.close();
    }
  }
  return directory;
}

/**
 * The names that lead from `root` to where `names` really lead: links inside the workspace are
 * resolved.
 * @throws RefusedPathError when they leave it.
 */
export async function resolveInside(root: string, names: readonly string[]): Promise<string[]> {
  for (let known = names.length; known > 0; known--) {
    const path = [root, ...names.slice(0, known)].join(sep);
    let real: string;
    try {
      real = await realpath(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") continue;
      throw error;
    }
    if (real !== root && !real.startsWith(root + sep)) {
      throw new RefusedPathError("it leads out of the workspace");
    }
    return [...real.slice(root.length).split(sep).filter(Boolean), ...names.slice(known)];
  }
  return [...names];
}

/** Where no descriptor stands for a directory: what was opened must be what the path names. */
export async function assertSame(handle: FileHandle, root: string, names: string[]): Promise<void> {
  if (process.platform === "linux") return;
  const real = await resolveInside(root, names);
  const [opened, named] = await Promise.all([handle.stat(), stat([root, ...real].join(sep))]);
  if (opened.ino !== named.ino || opened.dev !== named.dev) {
    throw new RefusedPathError("it changed while it was opened");
  }
}

function refuseLink(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ELOOP") return new RefusedPathError("it leads through a symbolic link");
  // A pipe without a reader, a socket, a device without a driver.
  if (code === "ENXIO") return new RefusedPathError("it is not an ordinary file");
  return error;
}
