import type { Interpreter } from "@codeact/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PyodideExecutor } from "./index.js";
import { testCache } from "./test-cache.js";

const executor = new PyodideExecutor({
  isolation: "worker",
  cacheDirectory: testCache,
  memoryLimitMb: 256,
  // Patient on a busy machine: these interrupts have to reach the code.
  interruptGraceMs: 30_000,
});
let python: Interpreter;

beforeAll(async () => {
  python = await executor.start();
}, 120_000);
afterAll(() => executor.close());

/** `repr` of the value of a cell's last expression. */
async function value(code: string): Promise<unknown> {
  const { outputs, error } = await python.execute(code);
  expect(error?.traceback).toBeUndefined();
  const last = outputs.at(-1);
  return last?.type === "display" ? last.data["text/plain"] : undefined;
}

describe("PyodideExecutor", () => {
  it.each([
    [{ isolation: "none" as "worker" }, /isolation/],
    [{ confinement: "none" as "auto" }, /confinement/],
    [{ confinement: "required" as const, isolation: "worker" as const }, /confinement/],
    [{ memoryLimitMb: 1 }, /memoryLimitMb/],
    [{ interruptGraceMs: 0 }, /interruptGraceMs/],
    [{ startTimeoutMs: Number.NaN }, /startTimeoutMs/],
    [{ packages: [""] }, /packages/],
    [{ packageBaseUrl: "" }, /packageBaseUrl/],
    [{ cacheDirectory: "" }, /cacheDirectory/],
    [{ installFrom: [""] }, /installFrom/],
    [{ spareInterpreters: -1 }, /spareInterpreters/],
  ])("refuses the options %o", (options, message) => {
    expect(() => new PyodideExecutor(options)).toThrow(message);
  });

  it("interrupts a loop, a sleep and a flood of output, and keeps the variables", async () => {
    await python.execute("kept = 5");
    for (const code of [
      "while True: pass",
      "import time\ntime.sleep(600)",
      "import asyncio\nasyncio.run(asyncio.sleep(600))",
      "while True: print('x' * 1000)",
    ]) {
      const result = await python.execute(code, { timeoutMs: 200, maxOutputBytes: 10_000 });
      expect(result).toMatchObject({ status: "timeout", state: "kept" });
      // At once, not when code has had its time to clean up.
      expect(result.durationMs).toBeLessThan(8000);
    }
    expect(await value("kept")).toBe("5");
  });

  it("raises MemoryError at its limit, and goes on", async () => {
    const result = await python.execute("blocks = []\nwhile True: blocks.append(bytearray(10**7))");
    expect(result).toMatchObject({ state: "kept", error: { type: "MemoryError" } });
    expect(await value("10 < len(blocks) < 30")).toBe("True");
    await python.execute("del blocks");
  });

  it.each([
    [
      "a file that grows",
      "with open('/tmp/a', 'wb') as f:\n    while True: f.write(bytes(60_000_000))",
    ],
    ["many files", "for i in range(99): open(f'/tmp/{i}', 'wb').write(bytes(4_000_000))"],
    [
      "files that have no name",
      "for i in range(99):\n    f = open('/tmp/a', 'wb')\n    open_files.append(f)\n    f.write(bytes(4_000_000))\n    os.unlink('/tmp/a')",
    ],
    ["a file made long", "open('/tmp/a', 'wb').truncate(2**40)"],
    ["a write far behind the end", "f = open('/tmp/a', 'wb', 0)\nf.seek(2**40)\nf.write(bytes(9))"],
    ["a pipe", "r, w = os.pipe()\nwhile True: os.write(w, bytes(4_000_000))"],
  ])("has a limit for %s", async (_, code) => {
    await python.execute("import os\nopen_files = []\nr = w = os.dup(1)");
    const result = await python.execute(code);
    expect(result).toMatchObject({ state: "kept", error: { type: "OSError" } });
    expect(result.error?.message).toContain("No space left");
    const clean =
      "import glob\nfor f in open_files: f.close()\nos.close(w)\nif r != w: os.close(r)\n" +
      "for name in glob.glob('/tmp/*'): os.unlink(name)";
    expect(await python.execute(clean)).toMatchObject({ status: "ok" });
    // There is room again, for files as for variables.
    const again = "open('/tmp/b', 'wb').write(bytes(40_000_000))\nos.unlink('/tmp/b')";
    expect(await python.execute(again)).toMatchObject({ status: "ok" });
  });

  it("gives its memory back to the system", async () => {
    const large = new PyodideExecutor({ isolation: "worker", cacheDirectory: testCache });
    const other = await large.start();
    const beforeBytes = process.memoryUsage.rss();
    await other.execute("data = b'x' * 300_000_000");
    const fullBytes = process.memoryUsage.rss();
    expect(fullBytes - beforeBytes).toBeGreaterThan(250_000_000);
    await large.close();
    // Threads give it back some time after their end.
    while (process.memoryUsage.rss() > fullBytes - 200_000_000) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });

  it("keeps the files when the interpreter is lost", async () => {
    await python.files.write("input/data.txt", "from the host");
    await python.execute("with open('made.txt', 'w') as f: f.write('by the code')");
    expect(await python.execute("import os\nos._exit(3)")).toMatchObject({
      status: "crashed",
      state: "lost",
      lostReason: "exit status 3",
    });
    expect(await value("open('made.txt').read() + open('input/data.txt').read()")).toBe(
      "'by the codefrom the host'",
    );
  });

  it("loses no output before an end, and no reason, when who takes it is slow", async () => {
    let text = "";
    const code = "import os\nfor _ in range(20): print('x' * 9999)\nos._exit(3)";
    const result = await python.execute(code, {
      onOutput: async (output) => {
        if (output.type === "text") text += output.text;
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
    });
    expect(result).toMatchObject({ status: "crashed", lostReason: "exit status 3" });
    expect(text.length).toBe(200_000);
  });

  it("shows a tool the files that the code has written before the call", async () => {
    const tools = [{ name: "look", pythonName: "look", stub: "def look(): ...", parameters: [] }];
    const other = await executor.start({ tools });
    const seen: string[] = [];
    const result = await other.execute(
      "for text in ('one', 'two'):\n    with open('f', 'w') as f: f.write(text)\n    look()",
      {
        onToolCall: async () => {
          seen.push(new TextDecoder().decode(await other.files.read("f")));
          return { ok: true, value: null };
        },
      },
    );
    expect(result.status).toBe("ok");
    expect(seen).toEqual(["one", "two"]);
    await other.close();
  });

  it("gives every interpreter random numbers of its own", async () => {
    const code =
      "import os, random\n(random.random(), os.urandom(8), random.SystemRandom().random())";
    const first = await value(code);
    await python.reset();
    expect(await value(code)).not.toBe(first);
  });

  it.each([
    "import js",
    "import pyodide_js",
    "from pyodide.code import run_js",
    "import subprocess\nsubprocess.run(['true'])",
    "import os\nassert os.system('true') == 0",
    "import socket\nsocket.create_connection(('127.0.0.1', 9), timeout=1)",
    "import threading\nthreading.Thread(target=print).start()",
    "open('/etc/passwd').read()",
    "import ctypes\nassert ctypes.CDLL(None).emscripten_run_script_int(b'40+2') == 42",
    "from pyodide.ffi import to_js\nto_js([1]).constructor.constructor('return 7')()",
  ])("has no way out by %s", async (code) => {
    const { status, state } = await python.execute(code, { timeoutMs: 10_000 });
    expect({ status, state }).toEqual({ status: "error", state: "kept" });
  });
});
