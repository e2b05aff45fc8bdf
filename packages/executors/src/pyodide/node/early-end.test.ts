import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { allConfinements } from "./confinement.js";
import { IsolatedProcess } from "./isolated-process.js";

const directory = mkdtempSync(join(tmpdir(), "early-end-"));
const confinements = await allConfinements(directory);
const run = { memoryLimitBytes: 2 ** 28, maxWorkspaceBytes: 2 ** 20, workspace: "/workspace" };
const nothing = { modules: {}, snapshot: undefined, packages: undefined };

/** Processes whose command line names the directory. */
function processes(): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(directory);
    } catch {
      return false;
    }
  });
}

afterAll(() => rmSync(directory, { recursive: true }));

// Where there is no confinement, there is nothing to leave behind.
it.skipIf(confinements.length === 0)(
  "leaves nothing behind, however early it is ended",
  async () => {
    for (const confinement of confinements) {
      for (let delayMs = 0; delayMs < 15; delayMs++) {
        const options = { pyodideDirectory: directory, confinement, ...nothing, run };
        const process = new IsolatedProcess(options);
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        await process.kill();
      }
    }
    await expect.poll(processes, { timeout: 20_000 }).toEqual([]);
  },
);
