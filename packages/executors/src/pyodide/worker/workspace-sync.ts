import { type FileChange, maxPathCharacters } from "../line/file-change.js";
import type { FileNode, FileSystem } from "./emscripten.js";

/** What was last told of an entry. */
interface KnownEntry {
  type: FileChange["type"];
  node: FileNode | undefined;
  modifiedMs: number;
  size: number;
  /** When it was told. */
  toldMs: number;
}

/** What the host is yet to be told. */
interface Change {
  path: string;
  node: FileNode;
  entry: KnownEntry;
  /** By how many bytes the host holds more when it has been told. */
  growth: number;
}

type SendChange = (change: FileChange, content?: Uint8Array) => void;

const kindMask = 0o170000;
const directoryKind = 0o040000;
const fileKind = 0o100000;
const linkKind = 0o120000;
/** More than any honest workspace has; what lies beyond is not told. */
const maxEntries = 100_000;

/** Keeps the host's copy of the workspace and the files in the interpreter's memory equal. */
export class WorkspaceSync {
  readonly #fileSystem: FileSystem;
  readonly #root: string;
  readonly #maxBytes: number;
  readonly #send: SendChange;
  #known = new Map<string, KnownEntry>();

  /** The host keeps the content of files up to `maxBytes` together. */
  constructor(fileSystem: FileSystem, root: string, maxBytes: number, send: SendChange) {
    this.#fileSystem = fileSystem;
    this.#root = root;
    this.#maxBytes = maxBytes;
    this.#send = send;
    fileSystem.mkdirTree(root);
  }

  /** Does what the host did. Where the code stands in the way, the host's view is set right. */
  apply(change: FileChange, content: Uint8Array): void {
    const path = `${this.#root}/${change.path}`;
    try {
      if (change.type === "removed") this.#remove(path);
      else if (change.type === "directory") this.#fileSystem.mkdirTree(path);
      else if (change.type === "file") {
        this.#fileSystem.mkdirTree(path.slice(0, path.lastIndexOf("/")));
        this.#fileSystem.writeFile(path, content);
      }
    } catch {
      // The next scan tells the host what is really there.
      if (change.type === "file") this.#known.set(change.path, gone);
      return;
    }
    if (change.type === "removed") this.#forget(change.path);
    else this.#learn(change.path);
  }

  /**
   * Tells the host what has changed since the last time: what frees room there first, so that on the
   * way from one state to the next the host never holds more than its limit.
   */
  scan(): void {
    const before = this.#known;
    const now = new Map<string, KnownEntry>();
    this.#known = now;
    const changes: Change[] = [];
    let bytes = 0;
    for (const [path, node] of this.#entries()) {
      const kind = node.mode & kindMask;
      const entry = describe(node, kind, bytes + node.usedBytes > this.#maxBytes);
      if (entry === undefined) continue;
      if (entry.type === "file") bytes += entry.size;
      now.set(path, entry);
      const known = before.get(path);
      if (known?.type === entry.type) before.delete(path);
      if (known !== undefined && isSame(known, entry)) entry.toldMs = known.toldMs;
      else changes.push({ path, node, entry, growth: heldBytes(entry) - heldBytes(known) });
    }
    // What is left has gone, or has become something else.
    for (const path of before.keys()) this.#send({ type: "removed", path });
    for (const change of changes) if (change.growth <= 0) this.#tell(change);
    for (const change of changes) if (change.growth > 0) this.#tell(change);
  }

  #tell({ path, node, entry: { type, size } }: Change): void {
    if (type === "file") {
      this.#send({ type, path }, bytesIn(node, size));
    } else if (type === "large-file") this.#send({ type, path, size });
    else this.#send({ type, path });
  }

  /** The entry is what the host says, so it need not be told. */
  #learn(path: string): void {
    const names = path.split("/");
    for (let count = 1; count <= names.length; count++) {
      const known = names.slice(0, count).join("/");
      const { node } = this.#fileSystem.lookupPath(`${this.#root}/${known}`, { follow: false });
      // Away from this millisecond, so that whatever the code writes in it is seen.
      node.mtime = Date.now() - 2;
      const entry = describe(node, node.mode & kindMask, false);
      if (entry !== undefined) this.#known.set(known, entry);
    }
  }

  #forget(path: string): void {
    for (const known of this.#known.keys()) {
      if (known === path || known.startsWith(`${path}/`)) this.#known.delete(known);
    }
  }

  #remove(path: string): void {
    const { node } = this.#fileSystem.lookupPath(path, { follow: false });
    if ((node.mode & kindMask) !== directoryKind) {
      this.#fileSystem.unlink(path);
      return;
    }
    for (const name of Object.keys(node.contents as object)) this.#remove(`${path}/${name}`);
    this.#fileSystem.rmdir(path);
  }

  /** Every entry below the root, parents first. */
  *#entries(): Generator<[path: string, node: FileNode]> {
    const queue: [string, FileNode][] = [["", this.#rootNode()]];
    let count = 0;
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const [path, node] = next;
      if (path !== "") {
        if (++count > maxEntries) return;
        yield next;
      }
      if ((node.mode & kindMask) !== directoryKind) continue;
      // A directory in memory has no prototype trap: its names are its own properties.
      for (const [name, child] of Object.entries(node.contents as { [name: string]: FileNode })) {
        const childPath = path === "" ? name : `${path}/${name}`;
        if (childPath.length <= maxPathCharacters) queue.push([childPath, child]);
      }
    }
  }

  #rootNode(): FileNode {
    try {
      return this.#fileSystem.lookupPath(this.#root, { follow: false }).node;
    } catch {
      // The code removed it: there are no files.
      return { mode: directoryKind, mtime: 0, usedBytes: 0, contents: {} };
    }
  }
}

const gone: KnownEntry = {
  type: "removed",
  node: undefined,
  modifiedMs: -1,
  size: -1,
  toldMs: 0,
};

/** Emscripten keeps the content in signed or unsigned bytes. */
function bytesIn({ contents }: FileNode, length: number): Uint8Array {
  if (!ArrayBuffer.isView(contents)) return new Uint8Array(0);
  return new Uint8Array(contents.buffer, contents.byteOffset, length);
}

function describe(node: FileNode, kind: number, isTooMuch: boolean): KnownEntry | undefined {
  const toldMs = Date.now();
  const modifiedMs = Number(node.mtime);
  if (kind === directoryKind) return { type: "directory", node, modifiedMs: 0, size: 0, toldMs };
  if (kind === linkKind) return { type: "link", node, modifiedMs, size: 0, toldMs };
  if (kind !== fileKind) return undefined;
  const type = isTooMuch ? "large-file" : "file";
  return { type, node, modifiedMs, size: node.usedBytes, toldMs };
}

/** How much content the host keeps of it. */
function heldBytes(entry: KnownEntry | undefined): number {
  return entry?.type === "file" ? entry.size : 0;
}

function isSame(known: KnownEntry, entry: KnownEntry): boolean {
  return (
    known.type === entry.type &&
    known.node === entry.node &&
    known.size === entry.size &&
    known.modifiedMs === entry.modifiedMs &&
    // Within the same millisecond it can have changed again without a trace.
    (known.type !== "file" || known.modifiedMs < known.toldMs)
  );
}
