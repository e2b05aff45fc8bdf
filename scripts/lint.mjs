// Checks the format and the rules of every source file, TypeScript and Python; `--fix` repairs.
import path from "node:path";
import "./setup.mjs";
import { pythonTool } from "./python-tools.mjs";
import { execute, root, tool } from "./workspace.mjs";

const fix = process.argv.includes("--fix");
const python = [
  path.join(root, "packages", "executors", "src", "runtime"),
  path.join(root, "packages", "evals", "src"),
];

const steps = [
  tool("biome", "format", ...(fix ? ["--write"] : [])),
  tool("oxlint", ...(fix ? ["--fix"] : [])),
  await pythonTool("ruff", "format", "--quiet", ...(fix ? [] : ["--diff"]), ...python),
  await pythonTool("ruff", "check", "--quiet", ...(fix ? ["--fix"] : []), ...python),
  await pythonTool("mypy", "--no-error-summary", ...python),
];

for (const step of steps) {
  const { code } = await execute(step);
  if (code !== 0) process.exitCode = 1;
}
