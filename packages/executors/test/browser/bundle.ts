import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { workerProgramPlugin } from "../../../../scripts/worker-program.mjs";

/** Bundles pages of a directory from the sources: paths to texts. */
export async function bundlePages(
  names: readonly string[],
  directory = fileURLToPath(new URL("pages", import.meta.url)),
): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: names.map((name) => `${directory}/${name}.ts`),
    outdir: directory,
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["@codeact/source"],
    loader: { ".py": "text" },
    plugins: [workerProgramPlugin],
  });
  const files = outputFiles.map(
    ({ path, text }) => [path.slice(directory.length), text] as [string, string],
  );
  for (const name of names) {
    files.push([
      `/${name}.html`,
      `<!doctype html><script type="module" src="${name}.js"></script>`,
    ]);
  }
  return new Map(files);
}
