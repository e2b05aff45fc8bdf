import { existsSync, mkdtempSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Attempt, type Outcome, openSides, openWorld } from "../test/escape-world.js";
import { textOf } from "../test/start-python.js";
import { whyNoSandbox } from "../test/strict-sandbox.js";

/** Without this, two attempts of each group. */
const isWhole = process.env["CODEACT_ALL_ESCAPES"] === "1";
const isRoot = process.getuid?.() === 0;
const isMissing = (await whyNoSandbox()) !== undefined;

const top = realpathSync(mkdtempSync(join(tmpdir(), "escapes-test-")));
const world = isMissing ? undefined : await openWorld();
const sides = world && (await openSides(world, top));

afterAll(async () => {
  await Promise.all(Object.values(sides ?? {}).map(({ executor }) => executor.close()));
  await world?.close();
  rmSync(top, { recursive: true });
});

async function make(attempt: Attempt, index: number, kind: "strict" | "none"): Promise<Outcome> {
  if (world === undefined || sides === undefined) throw new Error("there is no world");
  const { executor, names } = sides[kind];
  const marker = join(String(world.names["outside"]), `marker-${index}-${kind}`);
  const inTemporary = join("/tmp", `codeact-marker-${process.pid}-${index}-${kind}`);
  const all = { ...names, marker, tmp_marker: inTemporary };
  const python = await executor.start();
  try {
    const call = `leaky.attempt(${index}, json.loads(r'''${JSON.stringify(all)}'''), ${kind === "none" ? "True" : "False"})`;
    const result = await python.execute(`import json, leaky\nprint("\\n" + ${call})`, {
      timeoutMs: 30_000,
    });
    const line = textOf(result).trim().split("\n").at(-1) ?? "";
    const outcome: Outcome = line.startsWith("{")
      ? (JSON.parse(line) as Outcome)
      : { escaped: false, detail: JSON.stringify(result).slice(0, 2000) };
    if (attempt.marker) {
      const made = [marker, inTemporary].filter((path) => exists(path));
      outcome.escaped = made.length > 0;
      for (const path of made) rmSync(path, { recursive: true });
    }
    return outcome;
  } finally {
    await python.close();
  }
}

function exists(path: string): boolean {
  try {
    readlinkSync(path);
    return true;
  } catch {
    return existsSync(path);
  }
}

const groups = new Map<string, [number, Attempt][]>();
for (const [index, attempt] of world?.attempts.entries() ?? []) {
  groups.set(attempt.group, [...(groups.get(attempt.group) ?? []), [index, attempt]]);
}

describe.skipIf(isMissing)("nothing gets out of a confined session, and all of it without", () => {
  for (const [group, rows] of groups) {
    describe(group, () => {
      for (const [index, attempt] of isWhole ? rows : rows.slice(0, 2)) {
        it(attempt.name, { timeout: 90_000 }, async () => {
          const inside = await make(attempt, index, "strict");
          expect(inside.broken).toBeUndefined();
          expect(inside.escaped, inside.detail).toBe(false);
          if (attempt.control === "root" && !isRoot) return;
          const outside = await make(attempt, index, "none");
          expect(outside.broken).toBeUndefined();
          if (!attempt.optional) expect(outside.escaped, outside.detail).toBe(true);
        });
      }
    });
  }
});
