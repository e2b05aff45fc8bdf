// Runs the tests of the executors on a Python that has numpy, pandas and matplotlib; without these
// the tests that need them are skipped. Arguments go to vitest.
import path from "node:path";
import "./setup.mjs";
import { virtualEnvironment } from "./virtual-environment.mjs";
import { root, run } from "./workspace.mjs";

const programs = await virtualEnvironment("python-scientific", ["numpy", "pandas", "matplotlib"]);
// First on PATH, so that it is the python3 that the tests start.
const PATH = programs + path.delimiter + process.env.PATH;
const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
const files = [
  "packages/executors/src/python/conformance",
  "packages/executors/src/python/python-fork-libraries",
  "packages/executors/python-tests/python-tests.test.ts",
];
await run([process.execPath, vitest, "run", ...files, ...process.argv.slice(2)], { env: { PATH } });
