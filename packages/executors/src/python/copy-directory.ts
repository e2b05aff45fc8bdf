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
import { join, sep } from "node:path";
import { OpenDirectory, RefusedPathError } from "./directory-walk.js";

/** The paths of the two trees of a copy, as the links in them have it. */
interface Roots {
  source: string;
  target: string;
}

/**
 * Copies what is in a directory into an empty one: files with their modes and times, as clones
 * where the file system has them; directories; and links as links, those that lead into the source
 * by the path that the code knows turned towards the copy. Anything else, such as a socket, is left
 * out.
 *
 * The code may change `source` meanwhile. Nothing outside of it is read then, whatever it does.
 */
export async function copyDirectory(source: string, target: string, roots: Roots): Promise<void> {
  await copyInto(roots, await OpenDirectory.openRoot(source), target);
}

/** Copies what is below `directory` and closes it. */
async function copyInto(roots: Roots, directory: OpenDirectory, target: string): Promise<void> {
  try {
    for (const entry of await readdir(directory.path, { withFileTypes: true })) {
      const { name } = entry;
      await unlessChanged(async () => {
        if (entry.isDirectory()) await copyChild(roots, directory, name, join(target, name));
        else if (entry.isFile()) await copyOpenFile(directory, name, join(target, name));
        else if (entry.isSymbolicLink()) await copyLink(roots, directory, name, join(target, name));
      });
    }
  } finally {
    await directory.close();
  }
}

async function copyChild(
  roots: Roots,
  parent: OpenDirectory,
  name: string,
  target: string,
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
  await copyInto(roots, directory, target);
  // At last, for it may forbid to write.
  await chmod(target, mode & 0o7777);
}

async function copyOpenFile(directory: OpenDirectory, name: string, target: string): Promise<void> {
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
  name: string,
  path: string,
): Promise<void> {
  const leadsTo = await readlink(directory.entryPath(name));
  const isInside = leadsTo === source || leadsTo.startsWith(source + sep);
  await symlink(isInside ? target + leadsTo.slice(source.length) : leadsTo, path);
}

/** The path of what was opened, also where the name leads elsewhere by now. */
function pathOf(file: FileHandle, path: string): string {
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
