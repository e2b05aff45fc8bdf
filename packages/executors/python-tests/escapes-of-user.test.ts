import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { groupsOf, type Outcomes } from "../test/escape-attempt.js";
import { checkOutcomes } from "../test/escape-check.js";
import { openWorld } from "../test/escape-world.js";
import { whyNoSandbox } from "../test/strict-sandbox.js";
import { runs } from "../test/wrappers.js";

/** Without this, two attempts of each group. */
const isWhole = process.env["CODEACT_ALL_ESCAPES"] === "1";
const nobody = 65534;
const packageDirectory = fileURLToPath(new URL("..", import.meta.url));
/** `env` looks for the program with no privilege left; `setpriv` itself still has some. */
const asNobody = `setpriv --reuid=${nobody} --regid=${nobody} --clear-groups -- env --`.split(" ");

async function whySkipped(): Promise<string | undefined> {
  // Then `escapes.test.ts` has made them as an ordinary user.
  if (process.getuid?.() !== 0) return "these tests do not run as root";
  if ((await whyNoSandbox()) !== undefined) return "this machine cannot confine";
  for (const program of [process.execPath, "python3"]) {
    if (!runs([...asNobody, program])) return `no other user can run ${program}`;
  }
  return undefined;
}

const reason = await whySkipped();
if (reason !== undefined) {
  console.warn(`\n*** The escapes of an ordinary user are NOT TESTED again: ${reason}. ***\n`);
}

async function listAttempts() {
  const world = await openWorld();
  await world.close();
  return world.attempts;
}

const attempts = reason === undefined ? await listAttempts() : [];
const groups = groupsOf(attempts, isWhole);
const outcomes = new Map<number, Outcomes>();
let top: string;

/** Copies what a user may not reach where the tests are, with the same paths between. */
async function furnish(): Promise<string> {
  const host = join(top, "test/escape-host.mjs");
  await build({
    entryPoints: [join(packageDirectory, "test/escape-host.ts")],
    outfile: host,
    bundle: true,
    platform: "node",
    format: "esm",
    loader: { ".py": "text" },
    conditions: ["@codeact/source"],
  });
  for (const directory of ["python-tests/confinement", "src/runtime"]) {
    cpSync(join(packageDirectory, directory), join(top, directory), { recursive: true });
  }
  execFileSync("chmod", ["-R", "a+rX", top]);
  return host;
}

describe.skipIf(reason !== undefined)("nothing gets out of a session of an ordinary user", () => {
  beforeAll(async () => {
    top = realpathSync(mkdtempSync(join(tmpdir(), "escapes-of-user-test-")));
    chmodSync(top, 0o755);
    const host = await furnish();
    const temporary = join(top, "temporary");
    mkdirSync(temporary);
    chownSync(temporary, nobody, nobody);
    const [program = "", ...options] = asNobody;
    const indices = JSON.stringify([...groups.values()].flat());
    const child = spawn(program, [...options, process.execPath, host, temporary, indices], {
      cwd: "/",
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    for await (const line of createInterface({ input: child.stdout })) {
      const { index, ...made } = JSON.parse(line) as { index: number } & Outcomes;
      outcomes.set(index, made);
    }
    expect(await ended).toBe(0);
  }, 900_000);

  afterAll(() => rmSync(top, { recursive: true }));

  for (const [group, indices] of groups) {
    describe(group, () => {
      for (const index of indices) {
        const attempt = attempts[index];
        if (attempt === undefined) continue;
        it(attempt.name, () => {
          const made = outcomes.get(index);
          if (made === undefined) expect.fail("it was not made");
          checkOutcomes(attempt, made);
        });
      }
    });
  }
});
