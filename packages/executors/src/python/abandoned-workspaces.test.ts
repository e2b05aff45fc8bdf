import { spawn, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { removeAbandoned, temporaryPrefix } from "./abandoned-workspaces.js";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "abandoned-test-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** The prefix that a process with another number, or another start, would use. */
function prefixOf(pid: number, start?: string): string {
  const [codeact, place, , ownStart] = temporaryPrefix(false).split("-");
  return `${codeact}-${place}-${pid}-${start ?? ownStart}-`;
}

function make(name: string): string {
  mkdirSync(join(directory, name, "deep"), { recursive: true });
  writeFileSync(join(directory, name, "deep", "file"), "");
  return name;
}

/** The number of a process that has ended. */
const gone = () => spawnSync("true").pid;

it("removes what belonged to a host that is gone, also where its number is in use again", async () => {
  make(`${prefixOf(gone())}abcdef`);
  make(`${prefixOf(process.pid, "1")}abcdef`);
  await removeAbandoned(directory);
  expect(readdirSync(directory)).toEqual([]);
});

it("leaves what belongs to a live host, is kept, is from elsewhere, or is something else", async () => {
  const other = spawn("sleep", ["60"]);
  try {
    const otherStart = readFileSync(`/proc/${other.pid}/stat`, "latin1").split(" ")[21];
    const kept = [
      make(`${temporaryPrefix(false)}abcdef`),
      make(`${prefixOf(other.pid ?? 0, otherStart)}abcdef`),
      make(`${temporaryPrefix(true)}abcdef`),
      make(`codeact-00000000-${gone()}-1-abcdef`),
      make("codeact-fork-abcdef"),
      make(`${prefixOf(gone())}abcdef.txt`),
    ];
    const target = make("elsewhere");
    const link = `${prefixOf(gone())}ghijkl`;
    symlinkSync(join(directory, target), join(directory, link));
    await removeAbandoned(directory);
    expect(readdirSync(directory).sort()).toEqual([...kept, target, link].sort());
    expect(readdirSync(join(directory, target))).toEqual(["deep"]);
  } finally {
    other.kill("SIGKILL");
  }
});

it("makes no fuss where there is nothing to look at", async () => {
  await expect(removeAbandoned(join(directory, "missing"))).resolves.toBeUndefined();
});
