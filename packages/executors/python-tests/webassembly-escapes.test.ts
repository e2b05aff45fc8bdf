import type { Interpreter } from "@codeact/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PyodideExecutor } from "../src/pyodide/index.js";
import { testCache } from "../src/pyodide/test-cache.js";
import { WebAssemblyWorld } from "../test/webassembly-world.js";

const fewestAttempts = 100;
const world = await WebAssemblyWorld.open();
const executors = {
  process: new PyodideExecutor({ isolation: "process", cacheDirectory: testCache }),
  worker: new PyodideExecutor({ isolation: "worker", cacheDirectory: testCache }),
};
const kinds = ["process", "worker"] as const;
const open: Partial<Record<"process" | "worker", Interpreter>> = {};

/** The interpreter of a kind; another one where an attempt has ended the last. */
async function start(kind: "process" | "worker"): Promise<Interpreter> {
  const python = await executors[kind].start();
  await world.prepare(python);
  return python;
}

beforeAll(async () => {
  for (const kind of kinds) open[kind] = await start(kind);
}, 120_000);

afterAll(async () => {
  await Promise.all(kinds.map((kind) => executors[kind].close()));
  await world.close();
});

const groups = new Map<string, number[]>();
for (const [index, { group }] of world.attempts.entries()) {
  groups.set(group, [...(groups.get(group) ?? []), index]);
}

describe("nothing leads out of WebAssembly, and all of it from plain Pyodide", () => {
  it("has enough attempts, each with a name of its own", () => {
    const names = world.attempts.map(({ group, name }) => `${group}: ${name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(fewestAttempts);
  });

  it.each(kinds)("an attempt that may succeed does, and is seen, in a %s", async (kind) => {
    const outcome = await world.controlInside(open[kind] ?? expect.fail());
    expect(outcome).toEqual({ escaped: true, detail: "" });
  });

  for (const [group, indices] of groups) {
    describe(group, () => {
      for (const index of indices) {
        const attempt = world.attempts[index];
        it(attempt?.name ?? "", async () => {
          for (const kind of kinds) {
            const python = open[kind];
            if (python === undefined) throw new Error("there is no interpreter");
            const inside = await world.inside(python, index);
            expect(inside.broken).toBeUndefined();
            expect(inside.escaped, `${kind}: ${inside.detail}`).toBe(false);
          }
          if (attempt?.without_control !== "") return;
          const outside = await world.inPlainPyodide(index);
          expect(outside.broken).toBeUndefined();
          expect(outside.escaped, outside.detail).toBe(true);
        });
      }
    });
  }
});
