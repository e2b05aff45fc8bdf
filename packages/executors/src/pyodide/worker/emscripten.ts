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
  filesystems: { [name: string]: unknown };
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
}

/** A system call was cut by a signal, in Emscripten's numbers. */
export const interruptedErrno = 27;

/** To wait would be to wait for ever. */
export const deadlockErrno = 16;
