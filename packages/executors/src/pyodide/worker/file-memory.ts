import { type FileNode, type FileStream, fullErrno, pipePieceBytes } from "./emscripten.js";
import type { PyodideAPI } from "./pyodide-package.js";

/**
 * Limits what files and pipes take: their content is in JavaScript's memory, besides Python's own.
 * Python then raises `OSError`. What the host writes is not refused; it has a limit of its own.
 * Python's memory, which never shrinks, does not count: code that once needed all of it can still
 * save its work.
 */
export function limitFiles(python: PyodideAPI, limitBytes: number): void {
  const memory = new FileMemory(python, limitBytes);
  memory.limitFiles();
  memory.limitPipes();
}

class FileMemory {
  readonly #python: PyodideAPI;
  readonly #limitBytes: number;
  /** What is removed lessens it only when all is counted again. */
  #atMostBytes: number;

  constructor(python: PyodideAPI, limitBytes: number) {
    this.#python = python;
    this.#limitBytes = limitBytes;
    this.#atMostBytes = this.#count();
  }

  limitFiles(): void {
    const { MEMFS } = this.#python.FS.filesystems;
    const { resizeFileStorage } = MEMFS;
    const { write } = MEMFS.stream_ops;
    MEMFS.resizeFileStorage = (node, size) =>
      this.#change(node, size, () => resizeFileStorage.call(MEMFS, node, size));
    const limitedWrite: typeof write = (stream, buffer, offset, length, position, canOwn) => {
      const isFromPython = buffer.buffer === this.#python._module.HEAPU8.buffer;
      return this.#change(stream.node, isFromPython ? position + length : 0, () =>
        write(stream, buffer, offset, length, position, canOwn),
      );
    };
    MEMFS.stream_ops.write = limitedWrite;
    MEMFS.ops_table.file.stream.write = limitedWrite;
  }

  limitPipes(): void {
    const { stream_ops: operations } = this.#python._module.PIPEFS;
    const { write } = operations;
    operations.write = (stream, buffer, offset, length) => {
      this.#checkRoom(length);
      const before = pipeBytes(stream.node);
      const written = write(stream, buffer, offset, length);
      this.#atMostBytes += pipeBytes(stream.node) - before;
      return written;
    };
  }

  /** Does what leaves a file with room for `wantedBytes`, or more. */
  #change<T>(node: FileNode, wantedBytes: number, action: () => T): T {
    const before = contentBytes(node);
    if (wantedBytes > before) this.#checkRoom(wantedBytes - before);
    const result = action();
    this.#atMostBytes += contentBytes(node) - before;
    return result;
  }

  #checkRoom(byteCount: number): void {
    if (this.#atMostBytes + byteCount <= this.#limitBytes) return;
    this.#atMostBytes = this.#count();
    if (this.#atMostBytes + byteCount <= this.#limitBytes) return;
    throw new this.#python.FS.ErrnoError(fullErrno);
  }

  /** What can be reached: by its name, or only by those who have it open. */
  #count(): number {
    const { root, streams } = this.#python.FS;
    const nodes = new Set([root]);
    for (const stream of streams as (FileStream | null | undefined)[]) {
      if (stream?.node) nodes.add(stream.node);
    }
    let bytes = 0;
    const pipes = new Set<unknown>();
    // What is added meanwhile is visited as well.
    for (const node of nodes) {
      bytes += contentBytes(node);
      if (node.pipe !== undefined && !pipes.has(node.pipe)) bytes += pipeBytes(node);
      pipes.add(node.pipe);
      if (ArrayBuffer.isView(node.contents)) continue;
      for (const child of Object.values((node.contents ?? {}) as { [name: string]: FileNode })) {
        nodes.add(child);
      }
    }
    return bytes;
  }
}

function contentBytes({ contents }: FileNode): number {
  return ArrayBuffer.isView(contents) ? contents.byteLength : 0;
}

function pipeBytes({ pipe }: FileNode): number {
  return (pipe?.buckets?.length ?? 0) * pipePieceBytes;
}
