import { readFile } from "node:fs/promises";
import { defineConfig } from "vitest/config";

/** Siblings resolve from their sources under this condition, so no test needs a build. */
const conditions = ["@codeact/source", "module", "node", "import", "default"];

/** `import source from "./x.py"` gives the text, as tsup's text loader does in the build. */
const pythonSource = {
  name: "python-source",
  enforce: "pre" as const,
  async load(id: string): Promise<string | undefined> {
    if (!id.endsWith(".py")) return undefined;
    return `export default ${JSON.stringify(await readFile(id, "utf8"))};`;
  },
};

export default defineConfig({
  plugins: [pythonSource],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packages/*/test/**/*.test.ts",
      "examples/**/*.test.ts",
      "bench/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    passWithNoTests: false,
  },
});
