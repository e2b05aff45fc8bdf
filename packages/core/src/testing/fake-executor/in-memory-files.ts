import { CodeActError } from "../../errors/codeact-error.js";
import type { WorkspaceEntry, WorkspaceFiles } from "../../executor/workspace-files.js";

const pieceBytes = 64 * 1024;

/** A workspace in memory. A directory exists as long as a file is below it. */
export class InMemoryFiles implements WorkspaceFiles {
  readonly #files = new Map<string, Uint8Array>();

  async read(path: string): Promise<Uint8Array> {
    return this.#find(path).slice();
  }

  async write(path: string, data: Uint8Array | string): Promise<void> {
    const key = this.#writable(path);
    this.#files.set(key, typeof data === "string" ? new TextEncoder().encode(data) : data.slice());
  }

  async *readStream(path: string): AsyncGenerator<Uint8Array> {
    const data = this.#find(path).slice();
    for (let start = 0; start < data.length; start += pieceBytes) {
      yield data.subarray(start, start + pieceBytes);
    }
  }

  async writeStream(path: string, data: AsyncIterable<Uint8Array>): Promise<void> {
    const key = this.#writable(path);
    const pieces: Uint8Array[] = [];
    try {
      for await (const piece of data) pieces.push(piece.slice());
    } catch (cause) {
      throw new CodeActError("workspace-file", `Cannot write "${path}": its source failed.`, {
        cause,
      });
    }
    const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let offset = 0;
    for (const piece of pieces) {
      whole.set(piece, offset);
      offset += piece.length;
    }
    this.#files.set(key, whole);
  }

  async list(path = ""): Promise<WorkspaceEntry[]> {
    const key = normalise(path);
    const entries = new Map<string, WorkspaceEntry>();
    for (const [file, data] of this.#files) {
      if (!isBelow(file, key)) continue;
      entries.set(file, { path: file, type: "file", size: data.length });
      for (const directory of parents(file)) {
        if (isBelow(directory, key)) {
          entries.set(directory, { path: directory, type: "directory", size: 0 });
        }
      }
    }
    if (key !== "" && entries.size === 0) throw refused(path, "there is no such directory");
    return [...entries.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
  }

  async remove(path: string): Promise<void> {
    const key = normalise(path);
    if (key === "") throw refused(path, "the workspace itself cannot be removed");
    const gone = [...this.#files.keys()].filter((file) => file === key || isBelow(file, key));
    if (gone.length === 0) throw refused(path, "there is no such file");
    for (const file of gone) this.#files.delete(file);
  }

  /** A workspace with the same files, independent from now on. */
  copy(): InMemoryFiles {
    const copy = new InMemoryFiles();
    for (const [path, data] of this.#files) copy.#files.set(path, data.slice());
    return copy;
  }

  #find(path: string): Uint8Array {
    const data = this.#files.get(normalise(path));
    if (!data) throw refused(path, "there is no such file");
    return data;
  }

  #writable(path: string): string {
    const key = normalise(path);
    if (key === "" || [...this.#files.keys()].some((file) => isBelow(file, key))) {
      throw refused(path, "it is a directory");
    }
    if (parents(key).some((parent) => this.#files.has(parent))) {
      throw refused(path, "its parent is a file");
    }
    return key;
  }
}

function normalise(path: string): string {
  const parts: string[] = [];
  if (path.startsWith("/") || path.includes("\0")) throw refused(path, "it leaves the workspace");
  for (const part of path.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) throw refused(path, "it leaves the workspace");
    } else if (part !== "" && part !== ".") {
      parts.push(part);
    }
  }
  return parts.join("/");
}

function isBelow(path: string, directory: string): boolean {
  return directory === "" ? path !== "" : path.startsWith(`${directory}/`);
}

function parents(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

function refused(path: string, why: string): CodeActError {
  return new CodeActError("workspace-file", `Cannot use the workspace path "${path}": ${why}.`);
}
