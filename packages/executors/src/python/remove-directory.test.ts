import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeDirectory, removeDirectoryNow } from "./remove-directory.js";

let top: string;
let tree: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "remove-directory-test-"));
  tree = join(top, "tree");
  mkdirSync(join(tree, "a/b"), { recursive: true });
  writeFileSync(join(tree, "a/b/file"), "x");
});

afterEach(() => rmSync(top, { recursive: true, force: true }));

describe.each([
  ["removeDirectory", removeDirectory],
  ["removeDirectoryNow", async (path: string) => removeDirectoryNow(path)],
])("%s", (_, remove) => {
  it("removes files, directories and links, and leaves what links lead to", async () => {
    const outside = join(top, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "kept"), "kept");
    symlinkSync(outside, join(tree, "link"));
    symlinkSync(outside, join(tree, "a/b/link"));
    await remove(tree);
    expect(existsSync(tree)).toBe(false);
    expect(readFileSync(join(outside, "kept"), "utf8")).toBe("kept");
  });

  it("removes nothing where there is nothing", async () => {
    await expect(remove(join(top, "nothing"))).resolves.toBeUndefined();
  });

  it.skipIf(process.platform !== "linux")(
    "removes what forbids it, and names of any bytes",
    async () => {
      writeFileSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0xff, 0x0a])]), "x");
      chmodSync(join(tree, "a/b"), 0o000);
      chmodSync(join(tree, "a"), 0o500);
      await remove(tree);
      expect(existsSync(tree)).toBe(false);
    },
  );
});

describe.skipIf(process.platform !== "linux")("hostile trees", () => {
  it("that are deeper than any path or number of open files go", { timeout: 60_000 }, async () => {
    const script =
      "import os, sys\nos.chdir(sys.argv[1])\nfor _ in range(600):\n    os.mkdir('d' * 20); os.chdir('d' * 20)";
    const child = spawn("python3", ["-c", script, tree], { stdio: "ignore" });
    await new Promise((resolve) => child.once("exit", resolve));
    await removeDirectory(tree);
    expect(existsSync(tree)).toBe(false);
  });

  it("lead nowhere, whatever is exchanged meanwhile", { timeout: 60_000 }, async () => {
    const outside = join(top, "outside");
    mkdirSync(outside);
    for (let index = 0; index < 50; index++) writeFileSync(join(outside, `${index}`), "kept");
    // Exchanges a directory and a link to what is outside, as fast as it can.
    const script = [
      "import ctypes, os, sys",
      "libc = ctypes.CDLL(None)",
      "tree, outside = sys.argv[1:]",
      "directory, link = tree + '/dir', tree + '/link'",
      "print('ready', flush=True)",
      "while True:",
      "    try: os.makedirs(directory + '/dir', exist_ok=True); os.symlink(outside, link)",
      "    except OSError: pass",
      "    libc.renameat2(-100, directory.encode(), -100, link.encode(), 2)",
    ].join("\n");
    const child = spawn("python3", ["-c", script, tree, outside], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    try {
      await new Promise((resolve) => child.stdout.once("data", resolve));
      const until = Date.now() + 700;
      while (Date.now() < until) {
        // It is never done: the other side begins anew.
        await removeDirectory(tree).catch(() => {});
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("exit", resolve));
    }
    for (let index = 0; index < 50; index++)
      expect(existsSync(join(outside, `${index}`))).toBe(true);
  });
});
