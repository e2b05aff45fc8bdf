import { readFile } from "node:fs/promises";
import type { Interpreter } from "@codeact/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { residentBytes } from "../../test/resident-bytes.js";
import { descendantsOf, sendSignal } from "../python/process-tree.js";
import { PyodideExecutor } from "./index.js";
import { testCache } from "./test-cache.js";

/** Only Linux tells which processes there are. */
const itOnLinux = it.runIf(process.platform === "linux");
const executor = new PyodideExecutor({
  isolation: "process",
  cacheDirectory: testCache,
  // Patient on a busy machine: these interrupts have to reach the code.
  interruptGraceMs: 30_000,
});
let before: number[];
let python: Interpreter;

/** The processes that interpreters of this file live in. */
async function interpreterProcesses(): Promise<number[]> {
  const all = await descendantsOf(process.pid);
  return all.filter((pid) => !before.includes(pid));
}

/** Less than any interpreter with Python takes. */
const pythonBytes = 60_000_000;

/** Resolves when `isTrue` is; fails by the timeout of the test. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 50));
}

beforeAll(async () => {
  before = await descendantsOf(process.pid);
  process.env["CODEACT_TEST_SECRET"] = "a secret of the host";
  python = await executor.start();
}, 120_000);

afterAll(async () => {
  delete process.env["CODEACT_TEST_SECRET"];
  await executor.close();
});

describe("PyodideExecutor with a process for each interpreter", () => {
  it("says what is enforced, and by what", () => {
    expect(python.capabilities.isolation.join()).toContain("permission model");
  });

  itOnLinux("gives the process nothing of the host's environment", async () => {
    const pids = await interpreterProcesses();
    for (const pid of pids) {
      expect(await readFile(`/proc/${pid}/environ`, "utf8")).not.toContain("a secret of the host");
    }
    const command = await readFile(`/proc/${pids.at(-1)}/cmdline`, "utf8");
    expect(command).toMatch(/--(experimental-)?permission/);
    expect(command).not.toMatch(/--allow-(child-process|fs-write|addons)/);
  });

  it("interrupts a loop, and keeps the variables", async () => {
    await python.execute("kept = 5");
    const loop = await python.execute("while True: pass", { timeoutMs: 200 });
    expect(loop).toMatchObject({ status: "timeout", state: "kept" });
    expect((await python.execute("assert kept == 5")).status).toBe("ok");
  });

  itOnLinux("reports the death of the process, and goes on with the files", async () => {
    await python.files.write("kept.txt", "kept");
    const running = python.execute("import time\ntime.sleep(600)");
    for (const pid of await interpreterProcesses()) sendSignal(pid, "SIGKILL");
    const dead = await running;
    expect(dead).toMatchObject({
      status: "crashed",
      state: "lost",
      lostReason: "killed by SIGKILL",
    });
    expect((await python.execute("assert open('kept.txt').read() == 'kept'")).status).toBe("ok");
  });

  it("raises MemoryError at its limit, and goes on", async () => {
    const small = new PyodideExecutor({ memoryLimitMb: 128, cacheDirectory: testCache });
    const other = await small.start();
    const code = "blocks = []\nwhile True: blocks.append(bytearray(10**7))";
    const result = await other.execute(code);
    expect(result).toMatchObject({ state: "kept", error: { type: "MemoryError" } });
    expect((await other.execute("assert len(blocks) < 13")).status).toBe("ok");
    await small.close();
  });

  it("keeps of a flood of output what was asked for", async () => {
    const code = "while True: print('x' * 10000)";
    const result = await python.execute(code, { timeoutMs: 500, maxOutputBytes: 10_000 });
    expect(result).toMatchObject({ status: "timeout", state: "kept" });
    expect(result.droppedBytes).toBeGreaterThan(0);
  });

  it.each([
    ["an abort of C", "import ctypes\nctypes.CDLL(None).abort()"],
    ["an address that is none", "import ctypes\nctypes.string_at(2**32 - 16, 8)"],
  ])("reports %s, and goes on in another process", async (_, code) => {
    const result = await python.execute(code);
    expect(result).toMatchObject({ status: "crashed", state: "lost" });
    expect(result.lostReason).toBeTruthy();
    expect((await python.execute("1 + 1")).status).toBe("ok");
  });

  itOnLinux("has spare ones started ahead, survives their death, and ends them", async () => {
    const others = await interpreterProcesses();
    const ahead = new PyodideExecutor({ spareInterpreters: 1, cacheDirectory: testCache });
    const added = async () => (await interpreterProcesses()).filter((pid) => !others.includes(pid));
    const first = await ahead.start();
    await until(async () => (await residentBytes(await added())) > 2 * pythonBytes);
    await first.close();
    const spare = await added();
    const second = await ahead.start();
    expect((await added()).filter((pid) => spare.includes(pid))).toEqual(spare);
    expect((await second.execute("1 + 1")).status).toBe("ok");
    await until(async () => (await residentBytes(await added())) > 2 * pythonBytes);
    await second.close();
    for (const pid of await added()) sendSignal(pid, "SIGKILL");
    await until(async () => (await added()).length === 0);
    const third = await ahead.start();
    expect((await third.execute("1 + 1")).status).toBe("ok");
    await ahead.close();
    await until(async () => (await added()).length === 0);
  });

  itOnLinux("gives its memory back to the system", async () => {
    const others = await interpreterProcesses();
    const large = await executor.start();
    await large.execute("data = bytes(300_000_000)");
    const added = (await interpreterProcesses()).filter((pid) => !others.includes(pid));
    expect(await residentBytes(added)).toBeGreaterThan(300_000_000);
    await large.close();
    await until(async () => (await residentBytes(added)) === 0);
  });

  itOnLinux("leaves no process behind", async () => {
    const others = await interpreterProcesses();
    const other = await executor.start();
    expect((await interpreterProcesses()).length).toBeGreaterThan(others.length);
    await other.close();
    await until(async () => (await interpreterProcesses()).length === others.length);
  });
});
