import { beforeEach, describe, expect, it } from "vitest";
import { bytesOf } from "../../bridge/utf8.js";
import { PacketLink } from "../host/packet-link.js";
import { WorkspaceCopy } from "../host/workspace-copy.js";
import { encodeFileChange } from "../line/file-change.js";
import { packetHead, packetKinds } from "../line/packet.js";
import type { FileNode, FileSystem } from "./emscripten.js";
import { WorkspaceSync } from "./workspace-sync.js";

const maxBytes = 100;
const root = "/workspace";

/** Directories and files as Emscripten keeps them: what the sync reads. */
class Files {
  readonly top: FileNode = directory();
  #nowMs = 1;

  get fileSystem(): FileSystem {
    const lookupPath = () => ({ node: this.top });
    return { mkdirTree: () => {}, lookupPath } as Partial<FileSystem> as FileSystem;
  }

  write(path: string, byteCount: number): void {
    const { entries, name } = this.#find(path);
    const contents = new Int8Array(byteCount);
    entries[name] = { mode: 0o100644, mtime: this.#nowMs++, usedBytes: byteCount, contents };
  }

  mkdir(path: string): void {
    const { entries, name } = this.#find(path);
    entries[name] = directory();
  }

  remove(path: string): void {
    const { entries, name } = this.#find(path);
    delete entries[name];
  }

  rename(from: string, to: string): void {
    const source = this.#find(from);
    const target = this.#find(to);
    const node = source.entries[source.name];
    if (node !== undefined) target.entries[target.name] = node;
    delete source.entries[source.name];
  }

  #find(path: string): { entries: { [name: string]: FileNode }; name: string } {
    const names = path.split("/");
    const name = names.pop() ?? "";
    let entries = this.top.contents as { [name: string]: FileNode };
    for (const parent of names) {
      entries = entries[parent]?.contents as { [name: string]: FileNode };
    }
    return { entries, name };
  }
}

function directory(): FileNode {
  return { mode: 0o040755, mtime: 0, usedBytes: 0, contents: {} };
}

describe("WorkspaceSync, told to a copy with a limit", () => {
  let files: Files;
  let sync: WorkspaceSync;
  let copy: WorkspaceCopy;

  beforeEach(() => {
    files = new Files();
    copy = new WorkspaceCopy(maxBytes);
    sync = new WorkspaceSync(files.fileSystem, root, maxBytes, (change, content) =>
      copy.take(encodeFileChange(change, content)),
    );
  });

  /** What the host has: sizes by paths, and of what it could not keep `large`. */
  async function told(): Promise<Record<string, number | string>> {
    sync.scan();
    const host = copy.open(new AbortController().signal);
    const found: [string, number | string][] = [];
    for (const { path, type, size } of await host.list()) {
      const content = type === "file" ? await host.read(path).catch(() => undefined) : undefined;
      if (content !== undefined) expect(content.length).toBe(size);
      found.push([path, type === "directory" ? type : content === undefined ? "large" : size]);
    }
    return Object.fromEntries(found);
  }

  it("keeps the newest files that fit, whichever were told before", async () => {
    files.write("a", 80);
    expect(await told()).toEqual({ a: 80 });
    files.write("b", 40);
    expect(await told()).toEqual({ a: "large", b: 40 });
    files.write("c", 500);
    files.write("d", 60);
    expect(await told()).toEqual({ a: "large", b: 40, c: "large", d: 60 });
    files.remove("d");
    files.remove("b");
    expect(await told()).toEqual({ a: 80, c: "large" });
  });

  it("has room for a file under its new name", async () => {
    files.write("a", 80);
    await told();
    files.rename("a", "b");
    expect(await told()).toEqual({ b: 80 });
    files.mkdir("c");
    files.rename("b", "c/a");
    expect(await told()).toEqual({ c: "directory", "c/a": 80 });
  });

  it("has room for what came after a removal", async () => {
    files.mkdir("a");
    files.write("a/a", 50);
    files.write("a/b", 50);
    await told();
    files.remove("a");
    files.write("b", 100);
    expect(await told()).toEqual({ b: 100 });
    files.remove("b");
    files.mkdir("b");
    files.write("b/a", 90);
    expect(await told()).toEqual({ b: "directory", "b/a": 90 });
  });

  it("lets one file grow by what another has shrunk", async () => {
    files.write("a", 90);
    files.write("b", 10);
    await told();
    files.write("b", 90);
    files.write("a", 10);
    expect(await told()).toEqual({ a: 10, b: 90 });
    files.write("a", 90);
    files.write("b", 10);
    expect(await told()).toEqual({ a: 90, b: 10 });
  });

  it("leaves out what has a path too long to be told", async () => {
    const name = "\u0001".repeat(250);
    let path = name;
    for (let depth = 0; depth < 20; depth++) {
      files.mkdir(path);
      path += `/${name}`;
    }
    files.write("a", 1);
    const paths = Object.keys(await told());
    expect(paths.length).toBe(16);
  });
});

describe("PacketLink", () => {
  it("takes a file as large as the limit, with any name", () => {
    const path = "\u0001".repeat(4000);
    const bytes = encodeFileChange({ type: "file", path }, new Uint8Array(maxBytes));
    const problems: string[] = [];
    const changes: Uint8Array[] = [];
    let take: (bytes: Uint8Array) => void = () => {};
    const transport = {
      onBytes: (taker: typeof take) => {
        take = taker;
      },
      write: () => {},
      pause: () => {},
      resume: () => {},
    };
    const sink = {
      text: () => {},
      frame: () => {},
      isBlocked: () => false,
      isRunning: () => true,
      onBroken: (problem: string) => problems.push(problem),
      onChannelEnd: () => {},
    };
    const events = {
      onFileChange: (change: Uint8Array) => changes.push(change),
      onEnd: () => {},
    };
    new PacketLink(transport, sink, events, maxBytes);
    take(packetHead(packetKinds.files, bytes.length));
    take(bytes);
    expect(problems).toEqual([]);
    new WorkspaceCopy(maxBytes).take(changes[0] ?? bytesOf(""));
    const tooMany = new Uint8Array(100_000);
    take(packetHead(packetKinds.files, tooMany.length));
    take(tooMany);
    expect(problems).toEqual(["a packet was too long"]);
  });
});
