// Builds every package whose sources are newer than its dist folder: ESM, CJS and declarations.
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import "./setup.mjs";
import { packages, root, run, tool } from "./workspace.mjs";

const modifiedAt = (file) => statSync(file).mtimeMs;

/** The latest change below a folder; a folder's own time tells of files added or removed. */
function lastChange(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => modifiedAt(path.join(folder, name)))
    .reduce((latest, time) => Math.max(latest, time), modifiedAt(folder));
}

function isBuilt({ folder }) {
  const dist = path.join(folder, "dist");
  if (!existsSync(dist)) return false;
  const settings = ["tsup.shared.ts", "tsconfig.base.json", "pnpm-lock.yaml"];
  const inputs = [
    lastChange(path.join(folder, "src")),
    ...settings.map((name) => modifiedAt(path.join(root, name))),
    ...["tsup.config.ts", "tsconfig.build.json"].map((name) => modifiedAt(path.join(folder, name))),
  ];
  const outputs = readdirSync(dist).map((name) => modifiedAt(path.join(dist, name)));
  return outputs.length > 0 && Math.max(...inputs) < Math.min(...outputs);
}

async function build({ folder, manifest }) {
  if (isBuilt({ folder })) return console.log(`${manifest.name} is up to date`);
  await run(tool("tsup", "--silent"), { cwd: folder });
  console.log(`${manifest.name} is built`);
}

await Promise.all(packages.map(build));
