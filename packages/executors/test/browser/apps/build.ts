import { fileURLToPath } from "node:url";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";
import { pythonSource } from "../../../../../scripts/python-source.mjs";
import { workerProgramPlugin } from "../../../../../scripts/worker-program.mjs";

type Files = Map<string, string | Uint8Array>;

const sourceCondition = "@codeact/source";

/** An application whose workers are started from the program that is inlined. */
export async function buildWithEsbuild(): Promise<Files> {
  const { outputFiles } = await esbuild({
    entryPoints: [fileURLToPath(new URL("esbuild/main.ts", import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    conditions: [sourceCondition],
    loader: { ".py": "text" },
    plugins: [workerProgramPlugin],
  });
  return new Map([
    ["/esbuild/index.html", '<!doctype html><script type="module" src="main.js"></script>'],
    ["/esbuild/main.js", outputFiles[0]?.text ?? ""],
  ]);
}

/** An application that brings a file for its workers. */
export async function buildWithVite(): Promise<Files> {
  const built = await vite({
    root: fileURLToPath(new URL("vite", import.meta.url)),
    base: "./",
    logLevel: "warn",
    resolve: { conditions: [sourceCondition, "module", "browser", "production"] },
    plugins: [pythonSource],
    worker: { format: "es", plugins: () => [pythonSource] },
    build: { write: false },
  });
  if (!("output" in built)) throw new Error("Vite gave no output");
  return new Map(
    built.output.map((file) => [
      `/vite/${file.fileName}`,
      file.type === "chunk" ? file.code : file.source,
    ]),
  );
}
