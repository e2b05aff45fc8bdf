// Checks that the entries which have to work in browsers reach no Node module, not even lazily.
import { isBuiltin } from "node:module";
import "./build.mjs";
import { entriesOf, packages } from "./workspace.mjs";

const cleanEntries = [
  "@codeact/core",
  "@codeact/core/testing",
  "@codeact/executors/pyodide",
  "@codeact/executors/pyodide/worker",
  "@codeact/models/openai",
  "@codeact/models/ai-sdk",
];

async function importedNodeModules(file) {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    entryPoints: [file],
    bundle: true,
    metafile: true,
    write: false,
    logLevel: "error",
    platform: "neutral",
    packages: "external",
    outdir: "unused",
  });
  return Object.values(metafile.inputs)
    .flatMap(({ imports }) => imports.map((imported) => imported.path))
    .filter((specifier) => isBuiltin(specifier));
}

const entries = new Map(packages.flatMap(entriesOf).map((entry) => [entry.name, entry]));
for (const name of cleanEntries) {
  const { esm, cjs, browser } = entries.get(name);
  for (const file of browser === undefined ? [esm, cjs] : [browser]) {
    const found = await importedNodeModules(file);
    if (found.length === 0) continue;
    console.error(`${name} must not import ${found.join(", ")} (${file})`);
    process.exitCode = 1;
  }
  if (!process.exitCode) console.log(`${name} is clean`);
}
