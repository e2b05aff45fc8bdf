// `import source from "./x.py"` gives the file's text, in vitest and in Node as in the build.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

function moduleOf(file) {
  return `export default ${JSON.stringify(readFileSync(file, "utf8"))};`;
}

/** The vite plugin. */
export const pythonSource = {
  name: "python-source",
  load: (id) => (id.endsWith(".py") ? moduleOf(id) : undefined),
};

/** The hook of Node's module loader; register-python-source.mjs installs it. */
export function load(url, context, nextLoad) {
  if (!url.endsWith(".py")) return nextLoad(url, context);
  return { format: "module", source: moduleOf(fileURLToPath(url)), shortCircuit: true };
}
