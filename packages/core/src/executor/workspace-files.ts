/** One entry of a workspace directory. */
export interface WorkspaceEntry {
  /** Path relative to the workspace, with `/` as separator. */
  path: string;
  type: "file" | "directory";
  /** Size in bytes; 0 for a directory. */
  size: number;
}

/**
 * The files of an interpreter's workspace. Paths are relative to it. A path that leaves the
 * workspace, also through a symbolic link that the code made, is refused.
 *
 * Every method rejects with a `CodeActError` with code `workspace-file` on failure.
 */
export interface WorkspaceFiles {
  read(path: string): Promise<Uint8Array>;
  /** Writes a file and creates missing parent directories. */
  write(path: string, data: Uint8Array | string): Promise<void>;
  /** Reads a file in pieces, for files that should not sit in memory. */
  readStream(path: string): AsyncIterable<Uint8Array>;
  /** Writes a file from pieces. */
  writeStream(path: string, data: AsyncIterable<Uint8Array>): Promise<void>;
  /** All files and directories below `path`, sorted. @defaultValue the whole workspace */
  list(path?: string): Promise<WorkspaceEntry[]>;
  /** Removes a file, or a directory with all in it. */
  remove(path: string): Promise<void>;
}
