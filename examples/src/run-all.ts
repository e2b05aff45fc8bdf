// Runs every example and the demo, each as a program of its own, and fails if one of them fails.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const notExamples = new Set(["cached-model.ts", "guarded-python.ts", "model.ts", "run-all.ts"]);
const programs = readdirSync(here)
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !notExamples.has(name))
  .sort();

/** Runs a program in the same way as this one, so that the built packages are used if they are here. */
function run(program: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, here + program, "--replay"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    child.stderr.on("data", (chunk) => (output += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

for (const program of [...programs, "demo/index.ts"]) {
  const started = performance.now();
  const { code, output } = await run(program);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${program} (${seconds} s)`);
  if (code === 0) continue;
  console.log(output);
  process.exitCode = 1;
}
