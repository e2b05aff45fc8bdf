import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { defineConfig, type Options } from "tsup";
import { workerProgramPlugin } from "./scripts/worker-program.mjs";

interface PackageBuild {
  /** File name in `dist` → source file; one per entry in the package's `exports`. */
  entry: Record<string, string>;
  /** `neutral` for what also runs in browsers. */
  platform: "neutral" | "node";
  /** Type-only packages whose declarations are copied into ours. */
  inlinedTypes?: string[];
  /** Development dependencies that are bundled, whose licences go along. */
  bundled?: string[];
}

/** The one way in which every package is built: ESM, CJS and declarations for both. */
export function packageBuild({
  entry,
  platform,
  inlinedTypes = [],
  bundled = [],
}: PackageBuild): Options {
  return defineConfig({
    entry,
    platform,
    target: ["es2022", "node20"],
    format: ["esm", "cjs"],
    // Entries share chunks, so that a class is one class whichever entry it came from.
    splitting: true,
    external: [/^node:/],
    removeNodeProtocol: false,
    sourcemap: true,
    clean: true,
    tsconfig: "tsconfig.build.json",
    loader: { ".py": "text" },
    esbuildPlugins: [workerProgramPlugin],
    esbuildOptions: (options, { format }) => {
      // There is no `import.meta` in CommonJS; what takes its URL takes a path as well.
      if (format === "cjs") options.define = { "import.meta.url": "__filename" };
    },
    onSuccess: async () => writeLicences(bundled),
    dts: {
      resolve: inlinedTypes,
      // tsup 8 sets `baseUrl`, which TypeScript 6 deprecates.
      compilerOptions: { ignoreDeprecations: "6.0" },
    },
  }) as Options;
}

/** `dist/THIRD-PARTY-LICENSES.txt`; builds run in the directory of their package. */
function writeLicences(names: readonly string[]): void {
  if (names.length === 0) return;
  const texts = names.flatMap((name) => {
    const directory = path.join("node_modules", name);
    const files = readdirSync(directory).filter((file) => file.startsWith("LICENSE"));
    return files.map(
      (file) => `${name}: ${file}\n\n${readFileSync(path.join(directory, file), "utf8")}`,
    );
  });
  writeFileSync(path.join("dist", "THIRD-PARTY-LICENSES.txt"), texts.join("\n\n"));
}
