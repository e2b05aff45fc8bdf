import { constants } from "node:fs";
import {
  chmod,
  copyFile,
  type FileHandle,
  lstat,
  mkdir,
  readdir,
  readlink,
  symlink,
  utimes,
} from "node:fs/promises";
import { checkDepth, OpenDirectory, pathBelow, RefusedPathError } from "./directory-walk.js";

/** The paths of the two trees of a copy, as the links in them have it. */
interface Roots {
  source: string;
  target: string;
}

/**
 * Copies what is in a directory into an empty one: files with their modes and times, as clones
 * where the file system has them; directories; and links as links, those that lead into the source
 * by the path that the code knows turned towards the copy. Anything else, such as a socket, is left
 * out. Names may be any bytes.
 *
 * The code may change `source` meanwhile. Nothing outside of it is read then, whatever it does.
 */
export async function copyDirectory(source: string, target: string, roots: Roots): Promise<void> {
  await copyInto(roots, await OpenDirectory.openRoot(source), Buffer.from(target), 0);
}

/** Copies what is below `directory` and closes it. */
async function copyInto(
  roots: Roots,
  directory: OpenDirectory,
  target: Buffer,
  depth: number,
): Promise<void> {
  try {
    checkDepth(depth);
    for (const entry of await readdir(directory.path, {
      withFileTypes: true,
      encoding: "buffer",
    })) {
      const { name } = entry;
      const copy = pathBelow(target, name);
      await unlessChanged(async () => {
        if (entry.isDirectory()) await copyChild(roots, directory, name, copy, depth + 1);
        else if (entry.isFile()) await copyOpenFile(directory, name, copy);
        else if (entry.isSymbolicLink()) await copyLink(roots, directory, name, copy);
      });
    }
  } finally {
    await directory.close();
  }
}

async function copyChild(
  roots: Roots,
  parent: OpenDirectory,
  name: Buffer,
  target: Buffer,
  depth: number,
): Promise<void> {
  const directory = await parent.openDirectory(name);
  let mode: number;
  try {
    ({ mode } = await lstat(directory.path + "/."));
    await mkdir(target);
  } catch (error) {
    await directory.close();
    throw error;
  }
  await copyInto(roots, directory, target, depth);
  // At last, for it may forbid to write.
  await chmod(target, mode & 0o7777);
}

async function copyOpenFile(directory: OpenDirectory, name: Buffer, target: Buffer): Promise<void> {
  const file = await directory.openFile(name, constants.O_RDONLY);
  try {
    await copyFile(pathOf(file, directory.entryPath(name)), target, constants.COPYFILE_FICLONE);
    const { atime, mtime } = await file.stat();
    await utimes(target, atime, mtime);
  } finally {
    await file.close();
  }
}

async function copyLink(
  { source, target }: Roots,
  directory: OpenDirectory,
  name: Buffer,
  path: Buffer,
): Promise<void> {
  const leadsTo = await readlink(directory.entryPath(name), { encoding: "buffer" });
  const start = Buffer.from(source);
  const rest = leadsTo.subarray(start.length);
  const isInside = leadsTo.indexOf(start) === 0 && (rest.length === 0 || rest[0] === slash);
  await symlink(isInside ? Buffer.concat([Buffer.from(target), rest]) : leadsTo, path);
}

const slash = "/".charCodeAt(0);

/** The path of what was opened, also where the name leads elsewhere by now. */
function pathOf(file: FileHandle, path: string | Buffer): string | Buffer {
  return process.platform === "linux" ? `/proc/self/fd/${file.fd}` : path;
}

/** An entry that the code removes or replaces meanwhile is left out. */
async function unlessChanged(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (error instanceof RefusedPathError) return;
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
  }
}
