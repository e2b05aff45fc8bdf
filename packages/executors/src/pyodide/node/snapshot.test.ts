import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { descendantsOf, sendSignal } from "../../python/process-tree.js";
import type { PyodideExecutor } from "../index.js";

/** Some of them start Python without a snapshot, twice. */
vi.setConfig({ testTimeout: 180_000 });

const top = realpathSync(mkdtempSync(join(tmpdir(), "snapshot-test-")));
const executors: PyodideExecutor[] = [];

afterEach(async () => {
  await Promise.all(executors.splice(0).map((executor) => executor.close()));
});
afterAll(() => rmSync(top, { recursive: true }));

/** An executor that has this cache, in a process that knows of none yet. */
async function freshExecutor(
  cacheDirectory: string,
  isolation: "process" | "worker",
): Promise<PyodideExecutor> {
  vi.resetModules();
  const { PyodideExecutor: Fresh } = (await import("../index.js")) as {
    PyodideExecutor: typeof PyodideExecutor;
  };
  const executor = new Fresh({ cacheDirectory, isolation });
  executors.push(executor);
  return executor;
}

/** Whether so many interpreters start, at the same time, that have this cache. */
async function starts(
  cacheDirectory: string,
  isolation: "process" | "worker",
  count = 1,
): Promise<boolean> {
  const executor = await freshExecutor(cacheDirectory, isolation);
  const pythons = await Promise.all(Array.from({ length: count }, () => executor.start()));
  const results = await Promise.all(
    pythons.map((python) => python.execute("import random\nassert 1 + 1 == 2")),
  );
  return results.every(({ status }) => status === "ok");
}

function snapshotsIn(directory: string): string[] {
  return readdirSync(directory).sort();
}

describe("snapshots of a started Python", () => {
  const cache = join(top, "cache");

  it("are made where there is none, in the place of those that were not used for long", async () => {
    mkdirSync(cache);
    for (const age of [1, 2, 3, 4, 5]) {
      const path = join(cache, `pyodide-0.${age}-abc.snapshot`);
      writeFileSync(path, "old");
      const used = new Date(Date.now() - age * 86_400_000);
      utimesSync(path, used, used);
    }
    writeFileSync(join(cache, "pyodide-0.1-abc.snapshot.77"), "unfinished, of now");
    writeFileSync(join(cache, "other.txt"), "somebody else's");
    expect(await starts(cache, "worker")).toBe(true);
    const [made, ...others] = snapshotsIn(cache).reverse();
    expect(made).toMatch(/^pyodide-\d{3}\..*\.snapshot$/);
    expect(others.reverse()).toEqual([
      "other.txt",
      "pyodide-0.1-abc.snapshot",
      "pyodide-0.1-abc.snapshot.77",
      "pyodide-0.2-abc.snapshot",
      "pyodide-0.3-abc.snapshot",
    ]);
    for (const name of others) rmSync(join(cache, name));
  });

  it("are made again where the file is damaged", async () => {
    const [name = ""] = snapshotsIn(cache);
    const whole = readFileSync(join(cache, name));
    writeFileSync(join(cache, name), whole.subarray(0, 1_000_000));
    expect(await starts(cache, "worker")).toBe(true);
    expect(readFileSync(join(cache, name)).length).toBe(whole.length);
  });

  it.runIf(process.platform === "linux")(
    "stay where a start fails for another reason",
    async () => {
      const kept = snapshotsIn(cache);
      const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
      const executor = await freshExecutor(cache, "process");
      const before = await descendantsOf(process.pid);
      let isOver = false;
      const failed = executor.start().then(
        () => "it started",
        (error: Error) => error.message,
      );
      void failed.then(() => {
        isOver = true;
      });
      while (!isOver) {
        const all = await descendantsOf(process.pid);
        for (const pid of all) if (!before.includes(pid)) sendSignal(pid, "SIGKILL");
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const told = warn.mock.calls.filter(([text]) => String(text).includes("snapshot"));
      warn.mockRestore();
      expect(await failed).toContain("killed by SIGKILL");
      expect(told).toEqual([]);
      expect(snapshotsIn(cache)).toEqual(kept);
    },
  );

  it.each([
    ["worker", 2],
    ["process", 1],
  ] as const)(
    "are given up with a warning where Python does not start from one, in a %s",
    async (isolation, count) => {
      const [name = ""] = snapshotsIn(cache);
      const whole = readFileSync(join(cache, name));
      const other = Buffer.alloc(1_000_000, 7);
      const hash = createHash("sha256").update(other).digest();
      writeFileSync(join(cache, name), Buffer.concat([hash, other]));
      const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
      try {
        expect(await starts(cache, isolation, count)).toBe(true);
        const ours = warn.mock.calls.filter(([text]) => String(text).includes("snapshot"));
        expect(ours).toHaveLength(1);
      } finally {
        warn.mockRestore();
      }
      expect(snapshotsIn(cache)).toEqual([]);
      writeFileSync(join(cache, name), whole);
    },
  );
});
