// Checks sizes, minified and gzipped with dependencies but without peers, against the limits (in kB)
// of size-limits.json: of whole entries, and of what an application gets by an import of some names.
import path from "node:path";
import { gzipSync } from "node:zlib";
import "./build.mjs";
import { entriesOf, packages, readJson } from "./workspace.mjs";

const limits = readJson("scripts", "size-limits.json");

async function sizeInKilobytes(source, peers) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: "/" },
    bundle: true,
    minify: true,
    write: false,
    logLevel: "error",
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    external: ["node:*", ...peers],
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length / 1000;
}

/** What a limit's key measures: `NAME`, `NAME: EXPORT, EXPORT …`, or `NAME in browsers`. */
async function check(key, limit) {
  const [entry, names = "*"] = key.split(": ");
  const [name, isForBrowsers] = entry.split(" in browsers");
  const owner = packages.find(({ manifest }) => name.startsWith(manifest.name));
  const { esm, browser } = entriesOf(owner).find((each) => each.name === name);
  const file = isForBrowsers === undefined ? esm : browser;
  const what = names === "*" ? "*" : `{ ${names} }`;
  const source = `export ${what} from ${JSON.stringify(path.resolve(file))};`;
  const peers = Object.keys(owner.manifest.peerDependencies).flatMap((peer) => [peer, `${peer}/*`]);
  const size = await sizeInKilobytes(source, peers);
  console.log(`${key}: ${size.toFixed(1)} kB of ${limit} kB`);
  if (size <= limit) return;
  console.error(`${key} is over its limit; make it smaller or argue for a new limit.`);
  process.exitCode = 1;
}

for (const [key, limit] of Object.entries(limits)) await check(key, limit);
