import { constants, type Dirent } from "node:fs";
import { type FileHandle, lstat, readdir, unlink } from "node:fs/promises";
import { CodeActError, type WorkspaceEntry, type WorkspaceFiles } from "@codeact/core";
import {
  assertSame,
  checkDepth,
  type OpenDirectory,
  RefusedPathError,
  resolveInside,
  walk,
} from "./directory-walk.js";
import { removeDirectory } from "./remove-directory.js";

const readFlags = constants.O_RDONLY;
// Not truncated on opening: first it must be known to be the right file.
const writeFlags = constants.O_WRONLY | constants.O_CREAT;
const pieceBytes = 65_536;

/**
 * The files of a local directory. Links within it are followed, links out of it are refused, also
 * where running code changes them meanwhile.
 */
export class DirectoryFiles implements WorkspaceFiles {
  readonly #root: string;
  readonly #closed: AbortSignal;

  /** `root` is absolute and holds no links. After `closed` has aborted nothing works any more. */
  constructor(root: string, closed: AbortSignal) {
    this.#root = root;
    this.#closed = closed;
  }

  async read(path: string): Promise<Uint8Array> {
    return this.#do("read", path, async () => {
      const file = await this.#open(path, readFlags);
      try {
        const bytes = await file.readFile();
        return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      } finally {
        await file.close();
      }
    });
  }

  async write(path: string, data: Uint8Array | string): Promise<void> {
    await this.#do("write", path, async () => {
      const file = await this.#open(path, writeFlags);
      try {
        await file.truncate();
        await file.writeFile(data);
      } finally {
        await file.close();
      }
    });
  }

  async *readStream(path: string): AsyncGenerator<Uint8Array> {
    const file = await this.#do("read", path, () => this.#open(path, readFlags));
    try {
      for (;;) {
        const piece = await this.#do("read", path, () => readPiece(file));
        if (piece.length === 0) return;
        yield piece;
      }
    } finally {
      await file.close();
    }
  }

  async writeStream(path: string, data: AsyncIterable<Uint8Array>): Promise<void> {
    const file = await this.#do("write", path, async () => {
      const opened = await this.#open(path, writeFlags);
      await opened.truncate();
      return opened;
    });
    try {
      for await (const piece of data) await this.#do("write", path, () => file.writeFile(piece));
    } finally {
      await file.close();
    }
  }

  async list(path = ""): Promise<WorkspaceEntry[]> {
    return this.#do("list", path, async () => {
      const names = await resolveInside(this.#root, splitPath(path));
      const entries: WorkspaceEntry[] = [];
      const directory = await walk(this.#root, names, false);
      await listInto(entries, directory, splitPath(path).join("/"), 0);
      return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
    });
  }

  async remove(path: string): Promise<void> {
    await this.#do("remove", path, async () => {
      const [name, ...parents] = splitPath(path).reverse();
      if (name === undefined) throw new RefusedPathError("it is the workspace itself");
      const names = await resolveInside(this.#root, parents.reverse());
      const parent = await walk(this.#root, names, false);
      try {
        await removeEntry(parent, name);
      } finally {
        await parent.close();
      }
    });
  }

  async #open(path: string, flags: number): Promise<FileHandle> {
    const makeMissing = (flags & constants.O_CREAT) !== 0;
    const names = await resolveInside(this.#root, splitPath(path));
    const name = names.at(-1);
    if (name === undefined) throw new RefusedPathError("it is a directory");
    const parent = await walk(this.#root, names.slice(0, -1), makeMissing);
    let file: FileHandle;
    try {
      file = await parent.openFile(name, flags);
    } finally {
      await parent.close();
    }
    try {
      await assertSame(file, this.#root, names);
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async #do<T>(verb: string, path: string, action: () => Promise<T>): Promise<T> {
    this.#closed.throwIfAborted();
    try {
      return await action();
    } catch (error) {
      throw new CodeActError(
        "workspace-file",
        `Cannot ${verb} ${JSON.stringify(path)} in the workspace: ${reasonOf(error)}.`,
        { cause: error },
      );
    }
  }
}

/** The names in a path relative to the workspace. */
function splitPath(path: string): string[] {
  if (typeof path !== "string" || path.includes("\0")) {
    throw new RefusedPathError("it is not a path");
  }
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  if (path.startsWith("/")) throw new RefusedPathError("it must be relative to the workspace");
  if (names.includes("..")) throw new RefusedPathError("it must not contain `..`");
  return names;
}

async function readPiece(file: FileHandle): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(pieceBytes), 0, pieceBytes);
  return buffer.subarray(0, bytesRead);
}

/** Lists below `directory` and closes it. Links and special files are left out. */
async function listInto(
  entries: WorkspaceEntry[],
  directory: OpenDirectory,
  prefix: string,
  depth: number,
): Promise<void> {
  try {
    checkDepth(depth);
    for (const entry of await readdir(directory.path, { withFileTypes: true })) {
      const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
      await unlessGone(() => listEntry(entries, directory, entry, path, depth));
    }
  } finally {
    await directory.close();
  }
}

async function listEntry(
  entries: WorkspaceEntry[],
  directory: OpenDirectory,
  entry: Dirent,
  path: string,
  depth: number,
): Promise<void> {
  if (entry.isDirectory()) {
    const child = await directory.openDirectory(entry.name);
    entries.push({ path, type: "directory", size: 0 });
    await listInto(entries, child, path, depth + 1);
  } else if (entry.isFile()) {
    const { size } = await lstat(directory.entryPath(entry.name));
    entries.push({ path, type: "file", size });
  }
}

/** Removes an entry with all in it; a link is removed itself, not what it leads to. */
async function removeEntry(parent: OpenDirectory, name: string): Promise<void> {
  const path = parent.entryPath(name);
  if ((await lstat(path)).isDirectory()) await removeDirectory(path);
  else await unlink(path);
}

/** Running code may remove or replace an entry at any time. */
async function unlessGone(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (error instanceof RefusedPathError) return;
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RefusedPathError) return error.message;
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
      return "there is no such file or directory";
    case "ENOTDIR":
      return "a part of the path is not a directory";
    case "EISDIR":
      return "it is a directory";
    case "EACCES":
      return "permission denied";
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full";
    default:
      return (error as Error).message;
  }
}
