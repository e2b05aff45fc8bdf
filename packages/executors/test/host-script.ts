import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Bundles the executor, so that other Node processes can run it. */
export async function bundleExecutor(directory: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL("../src/python/index.ts", import.meta.url))],
    outfile: join(directory, "python.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    loader: { ".py": "text" },
    conditions: ["@codeact/source"],
  });
}
