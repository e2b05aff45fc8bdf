// Checks each entry's size, minified and gzipped with its dependencies but without its peers,
// against the limits (in kB) of size-limits.json.
import { gzipSync } from "node:zlib";
import "./build.mjs";
import { entriesOf, packages, readJson } from "./workspace.mjs";

const limits = readJson("scripts", "size-limits.json");

async function sizeInKilobytes(file, peers) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    external: ["node:*", ...peers],
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length / 1000;
}

for (const entryPackage of packages) {
  const peers = Object.keys(entryPackage.manifest.peerDependencies);
  for (const { name, esm } of entriesOf(entryPackage)) {
    const size = await sizeInKilobytes(esm, peers);
    const isWithin = size <= limits[name];
    console.log(`${name}: ${size.toFixed(1)} kB of ${limits[name]} kB`);
    if (isWithin) continue;
    console.error(`${name} is over its limit; make it smaller or argue for a new limit.`);
    process.exitCode = 1;
  }
}
