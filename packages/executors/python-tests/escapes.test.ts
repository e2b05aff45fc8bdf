import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, it } from "vitest";
import { groupsOf, makeAttempt } from "../test/escape-attempt.js";
import { checkOutcomes } from "../test/escape-check.js";
import { openSides, openWorld } from "../test/escape-world.js";
import { whyNoSandbox } from "../test/strict-sandbox.js";

/** Without this, two attempts of each group. */
const isWhole = process.env["CODEACT_ALL_ESCAPES"] === "1";
const isMissing = (await whyNoSandbox()) !== undefined;

const top = realpathSync(mkdtempSync(join(tmpdir(), "escapes-test-")));
const world = isMissing ? undefined : await openWorld();
const sides = world && (await openSides(world, top));

afterAll(async () => {
  await Promise.all(Object.values(sides ?? {}).map(({ executor }) => executor.close()));
  await world?.close();
  rmSync(top, { recursive: true });
});

describe.skipIf(isMissing)("nothing gets out of a confined session, and all of it without", () => {
  for (const [group, indices] of groupsOf(world?.attempts ?? [], isWhole)) {
    describe(group, () => {
      for (const index of indices) {
        const attempt = world?.attempts[index];
        if (world === undefined || sides === undefined || attempt === undefined) continue;
        it(attempt.name, { timeout: 90_000 }, async () => {
          checkOutcomes(attempt, await makeAttempt(index, world, sides));
        });
      }
    });
  }
});
