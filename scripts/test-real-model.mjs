// Fetches two small real models and runs the tests that need them: those of LlamaModel, and those in
// which a real model drives the loop and real Python. Arguments go to vitest. Where a model cannot be
// had in time this says so and fails nothing.
import path from "node:path";
import "./setup.mjs";
import { fetchTestModel } from "./fetch-test-model.mjs";
import { root, run } from "./workspace.mjs";

const fetchLimitMs = 90_000;

async function fetched(name, whatIsSkipped) {
  const started = performance.now();
  try {
    const file = await fetchTestModel(name, { timeoutMs: fetchLimitMs });
    console.log(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
    return file;
  } catch (error) {
    console.warn(`SKIPPED: ${whatIsSkipped}: ${name} could not be fetched: ${error.message}`);
    return undefined;
  }
}

const small = await fetched("smollm2-135m", "tests of LlamaModel and of the HTTP server");
const capable = await fetched("qwen2.5-coder-1.5b", "tests in which a real model drives the loop");
const files = [
  ...(small ? ["packages/models/src/llama/llama-model.test.ts", "examples/src/model-server"] : []),
  ...(capable ? ["bench/src/real-model"] : []),
];
if (files.length > 0) {
  const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
  // One file after the other: two models at once would starve each other.
  const options = ["--no-file-parallelism", ...process.argv.slice(2)];
  await run([process.execPath, vitest, "run", ...files, ...options], {
    env: { CODEACT_SMALL_MODEL: small ?? "", CODEACT_REAL_MODEL: capable ?? "" },
  });
}
