// `import source from "./x.py"` gives the file's text, and `import program from "./x.ts?program"` that
// of a bundled program, in vitest and in Node as in the build.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isProgram, programModule } from "./worker-program.mjs";

function moduleOf(file) {
  if (isProgram(file)) return programModule(file);
  return `export default ${JSON.stringify(readFileSync(file, "utf8"))};`;
}

const isText = (id) => id.endsWith(".py") || isProgram(id);

/** The vite plugin. */
export const pythonSource = {
  name: "python-source",
  enforce: "pre",
  load: (id) => (isText(id) ? moduleOf(id) : undefined),
};

/** The hook of Node's module loader; register-python-source.mjs installs it. */
export function load(url, context, nextLoad) {
  if (!isText(url)) return nextLoad(url, context);
  const { search } = new URL(url);
  const source = moduleOf(fileURLToPath(url) + search);
  return { format: "module", source, shortCircuit: true };
}
