import { execFileSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WorkspaceFiles } from "@codeact/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startPython } from "../../test/start-python.js";
import { wrappers } from "../../test/wrappers.js";
import { DirectoryFiles } from "./workspace-files.js";

let base: string;
let root: string;
let outside: string;
let files: WorkspaceFiles;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "workspace-files-test-")));
  root = join(base, "workspace");
  outside = join(base, "outside");
  mkdirSync(root);
  mkdirSync(outside);
  writeFileSync(join(outside, "secret"), "secret");
});

afterEach(() => rmSync(base, { recursive: true }));

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const refused = (message: RegExp) => ({
  code: "workspace-file",
  message: expect.stringMatching(message) as string,
});

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const each of texts) yield Buffer.from(each);
}

/** What the descriptors of this process lead to. */
function openPaths(): string[] {
  return readdirSync("/proc/self/fd").flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)];
    } catch {
      // The one that listed the others.
      return [];
    }
  });
}

/** Every operation on a path. */
const operations: [string, (path: string) => Promise<unknown>][] = [
  ["read", (path) => files.read(path)],
  ["write", (path) => files.write(path, "overwritten")],
  ["readStream", (path) => collect(files.readStream(path))],
  ["writeStream", (path) => files.writeStream(path, pieces("overwritten"))],
];

const here = { where: "here", options: {} };
const elsewhere = { where: "elsewhere", options: { command: wrappers.banner } };

describe.each([here, elsewhere])("workspace files $where", ({ where, options }) => {
  beforeEach(async () => {
    files =
      where === "here"
        ? new DirectoryFiles(root, new AbortController().signal)
        : (await startPython({ ...options, workspace: root })).files;
  });

  it("are written, read, listed and removed", async () => {
    await files.write("a/b/c.txt", "é");
    await files.write("a/b/c.txt", new Uint8Array([1, 2]));
    await files.write("./z//y.txt", "");
    await files.writeStream("big", pieces("x".repeat(200_000), "y"));
    expect([...(await files.read("a/b/c.txt"))]).toEqual([1, 2]);
    expect((await collect(files.readStream("big"))).length).toBe(200_001);
    expect(await files.list()).toEqual([
      { path: "a", type: "directory", size: 0 },
      { path: "a/b", type: "directory", size: 0 },
      { path: "a/b/c.txt", type: "file", size: 2 },
      { path: "big", type: "file", size: 200_001 },
      { path: "z", type: "directory", size: 0 },
      { path: "z/y.txt", type: "file", size: 0 },
    ]);
    expect((await files.list("a/b")).map((entry) => entry.path)).toEqual(["a/b/c.txt"]);
    await files.remove("a");
    await files.remove("big");
    expect((await files.list()).map((entry) => entry.path)).toEqual(["z", "z/y.txt"]);
  });

  it("keep the permissions of ordinary new files", async () => {
    await files.write("new", "");
    expect(execFileSync("stat", ["-c", "%a", join(root, "new")]).toString()).toMatch(/^6[0-6]{2}/);
  });

  it("close when a reader stops early or a writer's source fails", async () => {
    await files.write("big", "x".repeat(200_000));
    for await (const piece of files.readStream("big")) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    const failing = async function* () {
      yield Buffer.from("x");
      throw new Error("source");
    };
    await expect(files.writeStream("half", failing())).rejects.toThrow("source");
    expect(openPaths().filter((path) => path.startsWith(root))).toEqual([]);
  });

  it.each(["../outside/secret", "a/../../outside/secret", "/etc/passwd", "..", "a\0b"])(
    "refuse the path %j",
    async (path) => {
      for (const [, operation] of operations) {
        await expect(operation(path)).rejects.toMatchObject(refused(/relative|`\.\.`|not a path/));
      }
      await expect(files.list(path)).rejects.toMatchObject({ code: "workspace-file" });
      await expect(files.remove(path)).rejects.toMatchObject({ code: "workspace-file" });
      expect(readFileSync(join(outside, "secret"), "utf8")).toBe("secret");
    },
  );

  it.each(operations)("follow no link out of the workspace on %s", async (_, operation) => {
    symlinkSync(join(outside, "secret"), join(root, "absolute"));
    symlinkSync("../outside/secret", join(root, "relative"));
    symlinkSync(outside, join(root, "directory"));
    symlinkSync(join(outside, "new"), join(root, "dangling"));
    symlinkSync("/proc/self/root/etc/hostname", join(root, "magic"));
    for (const path of [
      "absolute",
      "relative",
      "directory/secret",
      "directory/new",
      "dangling",
      "magic",
    ]) {
      await expect(operation(path)).rejects.toMatchObject({ code: "workspace-file" });
    }
    expect(readFileSync(join(outside, "secret"), "utf8")).toBe("secret");
    expect(existsSync(join(outside, "new"))).toBe(false);
  });

  it("follow links within the workspace", async () => {
    await files.write("data/one.txt", "one");
    symlinkSync("data/one.txt", join(root, "latest"));
    symlinkSync(join(root, "data"), join(root, "also"));
    expect(text(await files.read("latest"))).toBe("one");
    await files.write("also/two.txt", "two");
    expect(text(await files.read("data/two.txt"))).toBe("two");
  });

  it("list and remove links, but nothing behind them", async () => {
    symlinkSync(outside, join(root, "directory"));
    mkdirSync(join(root, "sub"));
    symlinkSync(outside, join(root, "sub", "link"));
    expect((await files.list()).map((entry) => entry.path)).toEqual(["sub"]);
    await expect(files.list("directory")).rejects.toMatchObject(refused(/out of the workspace/));
    await files.remove("directory");
    await files.remove("sub");
    expect(existsSync(join(outside, "secret"))).toBe(true);
    expect(existsSync(join(root, "directory"))).toBe(false);
  });

  it("refuse pipes, sockets, devices and directories without waiting for them", async () => {
    execFileSync("mkfifo", [join(root, "pipe")]);
    mkdirSync(join(root, "directory"));
    const server = createServer().listen(join(root, "socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      for (const [, operation] of operations) {
        for (const path of ["pipe", "socket", "directory", "", "."]) {
          await expect(operation(path)).rejects.toMatchObject({ code: "workspace-file" });
        }
      }
    } finally {
      server.close();
    }
    expect((await files.list()).map((entry) => entry.path)).toEqual(["directory"]);
  });

  it("say what is wrong", async () => {
    await files.write("file", "");
    await expect(files.read("missing")).rejects.toMatchObject(
      refused(/Cannot read "missing".*no such file/),
    );
    await expect(files.write("file/below", "")).rejects.toMatchObject(refused(/not a directory/));
    await expect(files.remove("missing")).rejects.toMatchObject(refused(/no such file/));
    await expect(files.remove("")).rejects.toMatchObject(refused(/workspace itself/));
    await expect(files.list("file")).rejects.toMatchObject(refused(/not a directory/));
  });

  it("can hold a hard link, which is a file like any other", async () => {
    await files.write("one", "1");
    linkSync(join(root, "one"), join(root, "two"));
    expect(text(await files.read("two"))).toBe("1");
  });

  it("stay inside while code swaps directories and links all the time", async () => {
    const python = await startPython(options);
    const swapping = python.execute(
      `
import os, shutil, time
def move(source, target):
    while True:
        try: return os.rename(source, target)
        # The host has made a directory where there was none.
        except OSError: shutil.rmtree(target, ignore_errors=True)
os.makedirs('real', exist_ok=True); open('real/secret', 'w').write('harmless')
os.symlink(${JSON.stringify(outside)}, 'evil')
end = time.time() + 2
while time.time() < end:
    move('real', 'aside'); move('evil', 'real')
    move('real', 'evil'); move('aside', 'real')
    time.sleep(0.0005)
`,
      { timeoutMs: 20_000 },
    );
    let isSwapping = true;
    void swapping.then(() => {
      isSwapping = false;
    });
    let succeeded = 0;
    while (isSwapping) {
      const read = await python.files.read("real/secret").catch(() => undefined);
      if (read !== undefined) expect(text(read)).toMatch(/^harmless|^$/);
      const wrote = await python.files.write("real/new", "x").then(
        () => true,
        () => false,
      );
      if (read !== undefined || wrote) succeeded++;
      await python.files.list("real").catch(() => []);
    }
    expect(await swapping).toMatchObject({ status: "ok" });
    expect(succeeded).toBeGreaterThan(0);
    expect(existsSync(join(outside, "new"))).toBe(false);
    expect(readFileSync(join(outside, "secret"), "utf8")).toBe("secret");
  });
});
