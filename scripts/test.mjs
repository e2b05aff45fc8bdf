// npm test: every suite, one after another, then what each gave. Results are kept as JSON in the
// cache folder. With arguments: one run of vitest with them, without the suites that have to
// install something first.
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import "./setup.mjs";
import { testModelPath } from "./fetch-test-model.mjs";
import { cacheFolder, execute, root, run } from "./workspace.mjs";

const vitest = [process.execPath, path.join(root, "node_modules", "vitest", "vitest.mjs"), "run"];
const script = (name) => [process.execPath, path.join(root, "scripts", name)];

/** Each takes arguments of vitest, and says loudly what it had to leave out. */
const suites = [
  { name: "tests", command: vitest },
  { name: "scientific-python", command: script("test-scientific-python.mjs") },
  { name: "jupyter", command: script("test-jupyter.mjs") },
];
if (process.env.CI || existsSync(testModelPath())) {
  suites.push({ name: "real-model", command: script("test-real-model.mjs") });
}

const results = path.join(cacheFolder, "test-results");

async function runSuite({ name, command }) {
  console.log(`\n=== ${name}`);
  const started = performance.now();
  const file = path.join(results, `${name}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const { code } = await execute([...command, ...reporters]);
  console.log(`=== ${name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return code === 0;
}

async function runAll() {
  await rm(results, { recursive: true, force: true });
  await mkdir(results, { recursive: true });
  const failed = [];
  for (const suite of suites) if (!(await runSuite(suite))) failed.push(suite.name);
  await run([...script("test-summary.mjs"), results]);
  if (!suites.some(({ name }) => name === "real-model")) {
    console.warn("SKIPPED: a real model, 1.2 GB to fetch: npm run test:real-model");
  }
  if (failed.length === 0) return;
  console.error(`Failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}

const args = process.argv.slice(2);
if (args.length === 0) await runAll();
else process.exitCode = (await execute([...vitest, ...args])).code;
