// What the other scripts share: where the workspace is, what its packages are, running a command.
// Plain Node and nothing else: setup.mjs runs on a bare clone.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Where scripts keep what they download or produce; ignored by git. */
export const cacheFolder = path.join(root, ".cache");

export function readJson(...segments) {
  return JSON.parse(readFileSync(path.join(root, ...segments), "utf8"));
}

/** The packages that are published: their folder and manifest. */
export const packages = readdirSync(path.join(root, "packages"))
  .sort()
  .map((name) => ({
    folder: path.join(root, "packages", name),
    manifest: readJson("packages", name, "package.json"),
  }));

/**
 * The public entries of a package: `@codeact/core/testing`, its source file and its built files, and
 * the one that browsers get instead, if there is one.
 */
export function entriesOf({ folder, manifest }) {
  const file = (name) => path.join(folder, name);
  return Object.entries(manifest.exports)
    .filter(([, target]) => typeof target === "object")
    .map(([subpath, target]) => ({
      name: manifest.name + subpath.slice(1),
      source: file(target["@codeact/source"]),
      esm: file(target.import.default),
      cjs: file(target.require.default),
      browser: target.browser && file(target.browser.default),
    }));
}

/** The command line of a tool that is installed in the workspace's root. */
export function tool(name, ...args) {
  return [path.join(root, "node_modules", ".bin", name), ...args];
}

/** The command line of the pnpm version that package.json names, which nobody has to install. */
export function pnpm(...args) {
  return ["npx", "--yes", readJson("package.json").packageManager, ...args];
}

/**
 * Runs a command line, which `timeoutMs` ends; resolves to its exit code and, with `capture`, its
 * output.
 */
export function execute(
  [command, ...args],
  { cwd = root, env = {}, capture = false, timeoutMs } = {},
) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", capture ? "pipe" : "inherit", capture ? "pipe" : "inherit"],
      shell: process.platform === "win32",
      timeout: timeoutMs,
    });
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (signal) output += `ended by ${signal}\n`;
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Runs a command line that has to succeed; resolves to its output. */
export async function run(commandLine, options) {
  const { code, output } = await execute(commandLine, options);
  if (code !== 0) {
    throw new Error(`${commandLine.join(" ")} failed with exit code ${code}\n${output}`);
  }
  return output;
}
