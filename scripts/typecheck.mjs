// Type-checks every package (with its tests, and alone as published), the examples, the benchmarks
// and the root's own files. Type tests (x.test-d.ts) are part of it.
import path from "node:path";
import "./setup.mjs";
import { execute, packages, root, tool } from "./workspace.mjs";

const parallel = 2;
const projects = [
  root,
  ...packages.flatMap(({ folder }) => [folder, path.join(folder, "tsconfig.build.json")]),
  path.join(root, "examples"),
  path.join(root, "bench"),
];

async function checkNext() {
  for (let project = projects.shift(); project !== undefined; project = projects.shift()) {
    const { code, output } = await execute(tool("tsc", "-p", project, "--pretty"), {
      capture: true,
    });
    if (code === 0) continue;
    console.error(`${path.relative(root, project) || "."}:\n${output}`);
    process.exitCode = 1;
  }
}

await Promise.all(Array.from({ length: parallel }, checkNext));
