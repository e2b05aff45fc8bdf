// `import program from "./x.ts?program"` gives the text of a whole program, bundled from that file:
// workers are started from text, so that an application needs no file of ours besides its bundle.
// What is named `node-…` is for a worker thread of Node, anything else for one of a browser.
import path from "node:path";
import { buildSync } from "esbuild";
import { packageFolderOf } from "./third-party-licenses.mjs";

const query = "?program";

/** Whether an import asks for a program. */
export const isProgram = (specifier) => specifier.endsWith(query);

/** The module that such an import gives; `file` is the path with the query. */
export function programModule(file) {
  const source = file.slice(0, -query.length);
  const isNode = path.basename(source).startsWith("node-");
  const { outputFiles, metafile } = buildSync({
    entryPoints: [source],
    metafile: true,
    bundle: true,
    minify: true,
    write: false,
    // Nothing of ours may be a global variable there.
    format: "iife",
    platform: isNode ? "node" : "browser",
    target: isNode ? "node20" : "es2022",
  });
  const foreign = Object.keys(metafile.inputs).find(packageFolderOf);
  if (foreign !== undefined)
    throw new Error(`${source} bundles ${foreign}: nothing adds its license`);
  return `export default ${JSON.stringify(outputFiles[0].text.trimEnd())};`;
}

/** The plugin for esbuild and tsup. */
export const workerProgramPlugin = {
  name: "worker-program",
  setup(build) {
    build.onResolve({ filter: /\?program$/ }, ({ path: specifier, resolveDir }) => ({
      path: path.resolve(resolveDir, specifier),
      namespace: "worker-program",
    }));
    build.onLoad({ filter: /./, namespace: "worker-program" }, ({ path: file }) => ({
      contents: programModule(file),
      loader: "js",
    }));
  },
};
