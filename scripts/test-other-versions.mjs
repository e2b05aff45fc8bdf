// Runs tests on the versions furthest from the usual ones: a newer Node than the oldest supported
// one, with the oldest supported Python. They are the tests of everything that has no server of its
// own, and one suite for each way to Python; without those that try thousands of random cases, ask a
// real model or mostly wait, which a Node does not change. Arguments go to vitest instead.
import { existsSync } from "node:fs";
import path from "node:path";
import "./setup.mjs";
import { oldestPython } from "./oldest-python.mjs";
import { cacheFolder, root, run } from "./workspace.mjs";

const version = "26.10.0";
const packageName = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const folder = path.join(cacheFolder, `node-${version}`);
const binary = path.join(folder, "node_modules", packageName, "bin", "node");

if (!existsSync(binary)) {
  await run([
    "npm",
    "install",
    "--no-audit",
    "--no-fund",
    "--prefix",
    folder,
    `${packageName}@${version}`,
  ]);
}
const python = await oldestPython();
if (python === undefined) {
  console.warn(
    "*** NOT TESTED: Python 3.9, which is not on this machine, and Debian's is out of reach",
  );
}
// First on PATH, so that tests which start Node or Python start these.
const PATH = [path.dirname(binary), ...(python ? [python] : []), process.env.PATH].join(
  path.delimiter,
);
const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
const given = process.argv.slice(2);
const files = [
  "packages/core",
  "packages/models",
  "packages/evals",
  "packages/executors/python-tests/python-tests.test.ts",
  "packages/executors/src/bridge",
  "packages/executors/src/jupyter/kernel-connection.test.ts",
  "packages/executors/src/python/conformance.test.ts",
  "packages/executors/src/pyodide/isolated-process.test.ts",
  "packages/executors/src/pyodide/node/confinement.test.ts",
  "packages/executors/src/pyodide/pyodide-executor.test.ts",
  "examples",
];
const excluded = [
  "**/*.property.test.ts",
  "packages/core/src/agent/event-order.test.ts",
  "packages/core/src/testing/model-conformance/describe-model.test.ts",
  "packages/models/src/ai-sdk/ai-sdk-model-conformance.test.ts",
  "packages/models/src/llama/llama-model.test.ts",
].flatMap((pattern) => ["--exclude", pattern]);
const chosen = given.length > 0 ? given : [...files, ...excluded];
await run([binary, vitest, "run", ...chosen], { env: { PATH } });
