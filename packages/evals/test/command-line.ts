import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Bundles the command line, so that another Node process can run it; gives the file. */
export async function bundleCommandLine(folder: string): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(new URL("../src/cli/bin.ts", import.meta.url))],
    outdir: folder,
    entryNames: "codeact-eval",
    outExtension: { ".js": ".mjs" },
    // Without, what is only imported dynamically is needed from the beginning.
    splitting: true,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["openai", "node-llama-cpp"],
    loader: { ".py": "text" },
    conditions: ["@codeact/source"],
  });
  return path.join(folder, "codeact-eval.mjs");
}

/** A run of the command line. */
export interface CommandRun {
  child: ChildProcess;
  ended: Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>;
}

/** Starts the bundled command line. */
export function startCommand(file: string, ...args: string[]): CommandRun {
  const child = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  const ended = new Promise<Awaited<CommandRun["ended"]>>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}
