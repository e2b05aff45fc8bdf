import { defineConfig, type Options } from "tsup";
import { thirdPartyLicensesPlugin } from "./scripts/third-party-licenses.mjs";
import { workerProgramPlugin } from "./scripts/worker-program.mjs";

interface PackageBuild {
  /** File name in `dist` → source file; one per entry in the package's `exports`. */
  entry: Record<string, string>;
  /** `neutral` for what also runs in browsers. */
  platform: "neutral" | "node";
  /** Type-only packages whose declarations are copied into ours. */
  inlinedTypes?: string[];
}

/** The one way in which every package is built: ESM, CJS and declarations for both. */
export function packageBuild({ entry, platform, inlinedTypes = [] }: PackageBuild): Options {
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
    esbuildPlugins: [workerProgramPlugin, thirdPartyLicensesPlugin(inlinedTypes)],
    esbuildOptions: (options, { format }) => {
      // There is no `import.meta` in CommonJS; what takes its URL takes a path as well.
      if (format === "cjs") options.define = { "import.meta.url": "__filename" };
    },
    dts: {
      resolve: inlinedTypes,
      // tsup 8 sets `baseUrl`, which TypeScript 6 deprecates.
      compilerOptions: { ignoreDeprecations: "6.0" },
    },
  }) as Options;
}
