// Builds every package that changed since its last build: ESM, CJS and declarations.
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import "./setup.mjs";
import { cacheFolder, packages, root, run, tool } from "./workspace.mjs";

const markers = path.join(cacheFolder, "built");
const sharedInputs = [
  "tsup.shared.ts",
  "tsconfig.base.json",
  "pnpm-lock.yaml",
  "scripts/third-party-licenses.mjs",
  "scripts/worker-program.mjs",
];
const modifiedAt = (file) => statSync(file).mtimeMs;

/** The latest change below a folder; a folder's own time tells of files added or removed. */
function lastChange(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => modifiedAt(path.join(folder, name)))
    .reduce((latest, time) => Math.max(latest, time), modifiedAt(folder));
}

function isBuilt(folder, marker) {
  if (!existsSync(marker) || !existsSync(path.join(folder, "dist"))) return false;
  const inputs = [
    lastChange(path.join(folder, "src")),
    ...sharedInputs.map((name) => modifiedAt(path.join(root, name))),
    ...["tsup.config.ts", "tsconfig.build.json"].map((name) => modifiedAt(path.join(folder, name))),
  ];
  return Math.max(...inputs) < modifiedAt(marker);
}

async function build({ folder, manifest }) {
  const marker = path.join(markers, path.basename(folder));
  if (isBuilt(folder, marker)) return;
  const started = new Date();
  await run(tool("tsup", "--silent"), { cwd: folder });
  writeFileSync(marker, "");
  utimesSync(marker, started, started);
  console.log(`built ${manifest.name}`);
}

mkdirSync(markers, { recursive: true });
await Promise.all(packages.map(build));
