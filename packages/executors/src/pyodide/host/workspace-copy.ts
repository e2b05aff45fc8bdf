import { CodeActError, type WorkspaceEntry, type WorkspaceFiles } from "@codeact/core";
import { ProtocolError } from "../../bridge/protocol-error.js";
import { bytesOf, joinBytes } from "../../bridge/utf8.js";
import { decodeFileChange, encodeFileChange, type FileChange } from "../line/file-change.js";

type Entry =
  | { type: "file"; content: Uint8Array }
  | { type: "large-file"; size: number }
  | { type: "directory" }
  | { type: "link" };

class RefusedPathError extends Error {}

const pieceBytes = 65_536;
const maxEntries = 200_000;

/**
 * The host's copy of a workspace whose files live in the interpreter's memory. It is current
 * whenever the interpreter waits for the host, and outlives the interpreter.
 */
export class WorkspaceCopy {
  readonly #maxBytes: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #send: ((change: Uint8Array) => void) | undefined;

  /** Contents of more than `maxBytes` together are not kept. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Sends all that there is to a new interpreter, and from then on what the host changes. */
  attach(send: (change: Uint8Array) => void): void {
    this.#send = undefined;
    for (const [path, entry] of [...this.#entries].sort(byPath)) {
      if (entry.type === "file") send(encodeFileChange({ type: "file", path }, entry.content));
      else if (entry.type === "directory") send(encodeFileChange({ type: "directory", path }));
      // Links, and what was too large to keep, went with the interpreter.
      else this.#entries.delete(path);
    }
    this.#send = send;
  }

  /** Takes what the interpreter did. @throws ProtocolError when no honest one can have sent it. */
  take(bytes: Uint8Array): void {
    const decoded = decodeFileChange(bytes);
    if (decoded === undefined) throw new ProtocolError("a change of a file was malformed");
    const { change, content } = decoded;
    const { path } = change;
    if (change.type === "removed") {
      this.#forget(path);
      return;
    }
    if (change.type !== "directory") this.#forget(path);
    if (this.#entries.size >= maxEntries) {
      throw new ProtocolError(`the workspace has more than ${maxEntries} entries`);
    }
    // Together with what the host wrote meanwhile, an honest interpreter exceeds the limit too.
    if (this.#bytes + content.length > this.#maxBytes) {
      this.#entries.set(path, { type: "large-file", size: content.length });
      return;
    }
    this.#entries.set(path, entryOf(change, content.slice()));
    this.#bytes += content.length;
  }

  /** The files as the user of the interpreter sees them, until `closed` aborts. */
  open(closed: AbortSignal): WorkspaceFiles {
    const act = async <T>(verb: string, path: string, action: () => T): Promise<T> => {
      closed.throwIfAborted();
      try {
        return action();
      } catch (error) {
        if (!(error instanceof RefusedPathError)) throw error;
        const message = `Cannot ${verb} ${JSON.stringify(path)} in the workspace: ${error.message}.`;
        throw new CodeActError("workspace-file", message, { cause: error });
      }
    };
    const write = (path: string, data: Uint8Array | string) =>
      act("write", path, () => this.#write(path, data));
    const read = (path: string) => act("read", path, () => this.#read(path).slice());
    return {
      read,
      write,
      readStream: async function* (path) {
        const content = await read(path);
        for (let start = 0; start < content.length; start += pieceBytes) {
          yield content.subarray(start, start + pieceBytes);
        }
      },
      writeStream: async (path, data) => {
        await act("write", path, () => this.#checkWritable(path));
        const pieces: Uint8Array[] = [];
        for await (const piece of data) pieces.push(piece);
        await write(path, joinBytes(pieces));
      },
      list: (path = "") => act("list", path, () => this.#list(path)),
      remove: (path) => act("remove", path, () => this.#remove(path)),
    };
  }

  #read(path: string): Uint8Array {
    const entry = this.#find(path);
    if (entry.type === "directory") throw new RefusedPathError("it is a directory");
    if (entry.type === "large-file") {
      throw new RefusedPathError(`the workspace is larger than ${this.#maxBytes} bytes together`);
    }
    if (entry.type === "link") throw new RefusedPathError(linkReason);
    return entry.content;
  }

  #write(path: string, data: Uint8Array | string): void {
    const name = this.#checkWritable(path);
    const content = typeof data === "string" ? bytesOf(data) : new Uint8Array(data);
    const replaced = this.#entries.get(name);
    const freed = replaced?.type === "file" ? replaced.content.length : 0;
    if (this.#bytes - freed + content.length > this.#maxBytes) {
      throw new RefusedPathError(`the workspace holds at most ${this.#maxBytes} bytes`);
    }
    for (const parent of parentsOf(name)) this.#entries.set(parent, { type: "directory" });
    this.#entries.set(name, { type: "file", content });
    this.#bytes += content.length - freed;
    this.#send?.(encodeFileChange({ type: "file", path: name }, content));
  }

  #checkWritable(path: string): string {
    const name = splitPath(path).join("/");
    if (name === "") throw new RefusedPathError("it is a directory");
    for (const parent of parentsOf(name)) {
      const entry = this.#entries.get(parent);
      if (entry?.type === "link") throw new RefusedPathError(linkReason);
      if (entry !== undefined && entry.type !== "directory") {
        throw new RefusedPathError("a part of the path is not a directory");
      }
    }
    const entry = this.#entries.get(name);
    if (entry?.type === "link") throw new RefusedPathError(linkReason);
    if (entry?.type === "directory") throw new RefusedPathError("it is a directory");
    return name;
  }

  #list(path: string): WorkspaceEntry[] {
    const names = splitPath(path);
    const prefix = names.length === 0 ? "" : `${names.join("/")}/`;
    if (prefix !== "") {
      const { type } = this.#find(path);
      if (type === "link") throw new RefusedPathError(linkReason);
      if (type !== "directory") throw new RefusedPathError("it is not a directory");
    }
    const found: WorkspaceEntry[] = [];
    for (const [name, entry] of this.#entries) {
      if (!name.startsWith(prefix)) continue;
      if (entry.type === "directory") found.push({ path: name, type: "directory", size: 0 });
      else if (entry.type === "file") {
        found.push({ path: name, type: "file", size: entry.content.length });
      } else if (entry.type === "large-file") {
        found.push({ path: name, type: "file", size: entry.size });
      }
    }
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  #remove(path: string): void {
    const name = splitPath(path).join("/");
    if (name === "") throw new RefusedPathError("it is the workspace itself");
    this.#find(path);
    this.#forget(name);
    this.#send?.(encodeFileChange({ type: "removed", path: name }));
  }

  #find(path: string): Entry {
    const entry = this.#entries.get(splitPath(path).join("/"));
    if (entry === undefined) throw new RefusedPathError("there is no such file or directory");
    return entry;
  }

  /** Forgets an entry with all below it. */
  #forget(path: string): void {
    const entry = this.#entries.get(path);
    if (entry?.type === "directory") {
      for (const name of this.#entries.keys()) {
        if (name.startsWith(`${path}/`)) this.#drop(name);
      }
    }
    this.#drop(path);
  }

  #drop(path: string): void {
    const entry = this.#entries.get(path);
    if (entry?.type === "file") this.#bytes -= entry.content.length;
    this.#entries.delete(path);
  }
}

const linkReason = "it leads through a symbolic link";

function entryOf(change: Exclude<FileChange, { type: "removed" }>, content: Uint8Array): Entry {
  switch (change.type) {
    case "file":
      return { type: "file", content };
    case "large-file":
      return { type: "large-file", size: change.size };
    case "directory":
      return { type: "directory" };
    case "link":
      return { type: "link" };
  }
}

function parentsOf(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join("/"));
}

/** The names in a path relative to the workspace. */
function splitPath(path: string): string[] {
  if (typeof path !== "string" || path.includes("\0") || path.length > 4000) {
    throw new RefusedPathError("it is not a path");
  }
  if (path.startsWith("/")) throw new RefusedPathError("it must be relative to the workspace");
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  if (names.includes("..")) throw new RefusedPathError("it must not contain `..`");
  return names;
}

function byPath([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
