import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { resolvePython } from "../src/python/resolve-python.js";

const directory = fileURLToPath(new URL(".", import.meta.url));
const timeoutMs = 600_000;

test("the Python runtime passes its own tests", { timeout: timeoutMs }, async () => {
  const environment = { PATH: process.env["PATH"] ?? "" };
  const { path } = await resolvePython("python3", environment);
  const discover = ["-B", "-m", "unittest", "discover", "-s", directory];
  const output = await promisify(execFile)(path, discover, { env: environment, timeout: timeoutMs })
    .then(({ stdout, stderr }) => `${stdout}${stderr}`)
    .catch((error: { stdout?: string; stderr?: string }) => {
      expect.fail(`the Python tests failed:\n${error.stdout}${error.stderr}`);
    });
  // What could not be tested on this machine should be seen.
  if (/SKIPPED|skipped=/.test(output)) console.warn(output);
  expect(output).toMatch(/^Ran \d{3,} tests/m);
});
