/** The part of Emscripten's file system that the worker uses. */
export interface FileSystem {
  readonly ErrnoError: new (errno: number) => Error;
  makedev(major: number, minor: number): number;
  registerDevice(device: number, operations: DeviceOperations): void;
  mkdev(path: string, mode: number, device: number): unknown;
  mkdirTree(path: string): void;
  writeFile(path: string, data: Uint8Array | string): void;
  unlink(path: string): void;
  rmdir(path: string): void;
  lookupPath(path: string, options: { follow: boolean }): { node: FileNode };
  readonly root: FileNode;
  /** By their descriptors; holes where none is open. */
  readonly streams: readonly (FileStream | null | undefined)[];
  readonly filesystems: { readonly MEMFS: MemoryFiles };
}

/** An open file, directory or pipe. */
export interface FileStream {
  readonly node: FileNode;
}

type WriteStream = (
  stream: FileStream,
  buffer: ArrayBufferView,
  offset: number,
  length: number,
  position: number,
  canOwn?: boolean,
) => number;

/** Files in memory. */
export interface MemoryFiles {
  resizeFileStorage: (node: FileNode, size: number) => void;
  stream_ops: { write: WriteStream };
  /** What files that are there already write by. */
  ops_table: { file: { stream: { write: WriteStream } } };
}

/** Pipes between descriptors of the same process. */
export interface Pipes {
  stream_ops: {
    write: (stream: FileStream, buffer: ArrayBufferView, offset: number, length: number) => number;
  };
}

/** What a device of the file system does. */
export interface DeviceOperations {
  read?(stream: unknown, heap: ArrayBufferView, offset: number, length: number): number;
  write?(stream: unknown, heap: ArrayBufferView, offset: number, length: number): number;
}

/** A file, a directory or a link in memory. */
export interface FileNode {
  readonly mode: number;
  /** Milliseconds. */
  mtime: number;
  /** Of a file: its length. */
  readonly usedBytes: number;
  /** Of a directory: its entries by name. Of a file: a buffer that begins with its bytes. */
  readonly contents: unknown;
  /** Of an end of a pipe: pieces of one size, until both ends are closed. */
  readonly pipe?: { readonly buckets: readonly unknown[] | null };
}

/** How much memory each piece of a pipe takes. */
export const pipePieceBytes = 8192;

/** No space is left. */
export const fullErrno = 51;

/** A system call was cut by a signal, in Emscripten's numbers. */
export const interruptedErrno = 27;

/** To wait would be to wait for ever. */
export const deadlockErrno = 16;
