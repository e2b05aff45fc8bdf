import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import { workerProgramPlugin } from "../../../../../scripts/worker-program.mjs";
import { testedVersion } from "../tested-version.js";
import { readInstalled } from "./python-files.js";

const directory = realpathSync(mkdtempSync(join(tmpdir(), "start-errors-test-")));
afterAll(() => rmSync(directory, { recursive: true }));

describe("a start of Pyodide that is not possible", () => {
  it("says which installation is damaged, and what to do", async () => {
    const damaged = {
      code: "executor-start",
      message: expect.stringMatching(/start-errors-test.*npm install pyodide@/) as string,
    };
    await expect(readInstalled(directory)).rejects.toMatchObject(damaged);
    writeFileSync(join(directory, "package.json"), JSON.stringify({ version: testedVersion }));
    await expect(readInstalled(directory)).rejects.toMatchObject(damaged);
    for (const name of ["pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"]) {
      writeFileSync(join(directory, name), "damaged");
    }
    await expect(readInstalled(directory)).rejects.toMatchObject(damaged);
  });

  it.runIf(process.platform === "linux")("says that there are too many open files", async () => {
    const path = join(directory, "program.mjs");
    await build({
      stdin: {
        contents: `
import { openSync } from "node:fs";
import { IsolatedProcess } from "./isolated-process.js";
import { started } from "./node-worker-starter.js";
const run = { workspace: "/", maxWorkspaceBytes: 1, memoryLimitBytes: 1 };
try {
  for (;;) openSync("/dev/null");
} catch (error) {
  console.log(error.code);
}
try {
  started(() => new IsolatedProcess({ pyodideDirectory: "/", modules: {}, run }));
} catch (error) {
  console.log(error.code, error.message);
}`,
        resolveDir: fileURLToPath(new URL(".", import.meta.url)),
      },
      outfile: path,
      bundle: true,
      platform: "node",
      format: "esm",
      loader: { ".py": "text" },
      conditions: ["@codeact/source"],
      plugins: [workerProgramPlugin],
    });
    const command = ["-c", 'ulimit -n 64; exec "$0" "$1"', process.execPath, path];
    const { stdout } = spawnSync("sh", command, { timeout: 50_000 });
    expect(stdout.toString()).toMatch(/^EMFILE\nexecutor-start .*too many open files.*limits/);
  });
});
