import { bytesOf } from "../../bridge/utf8.js";
import type { PyodideAPI, PyodideLoader } from "./pyodide-package.js";
import { assetOrigin } from "./realm.js";
import type { StackSwitch } from "./stack-switch.js";

/** What a worker needs to start Python; the host has loaded it. */
export interface PythonAssets {
  /** Of `pyodide.mjs` and of `pyodide.asm.mjs`. */
  loaderUrl: string;
  moduleUrl: string;
  wasm: WebAssembly.Module;
  standardLibrary: ArrayBufferLike;
  /** `info` of Pyodide's lock file. */
  lockInfo: object;
  /** Sources of the runtime's modules by full names. */
  modules: Readonly<Record<string, string>>;
  /** The memory of an interpreter that had the runtime imported already. */
  snapshot?: Uint8Array;
  packages?: PackageAssets;
}

/** Packages to install before any code runs, with all that they need. */
export interface PackageAssets {
  names: readonly string[];
  /** What Pyodide's lock file says of each. */
  lock: Readonly<Record<string, object>>;
  /** The wheels by their names there. */
  files: Readonly<Record<string, Uint8Array>>;
}

/** How the reason begins why a start failed for its packages: in one line, which alone reaches the host. */
export const packageProblem = "packages cannot be installed";

/** Packages are in the way, which no other start goes without. */
export class PackageError extends Error {}

const runtimeDirectory = "/lib/codeact";

/** Starts Python with the runtime importable. */
export async function bootPython(
  assets: PythonAssets,
  { makeSnapshot, stack }: { makeSnapshot: boolean; stack?: StackSwitch | undefined },
): Promise<PyodideAPI> {
  serveAssets(assets, stack);
  const { loadPyodide } = (await import(
    /* @vite-ignore */ /* webpackIgnore: true */ assets.loaderUrl
  )) as PyodideLoader;
  const { default: createPyodideModule } = (await import(
    /* @vite-ignore */ /* webpackIgnore: true */ assets.moduleUrl
  )) as {
    default: unknown;
  };
  const python = await loadPyodide({
    indexURL: assetOrigin,
    packageBaseUrl: assetOrigin,
    createPyodideModule,
    lockFileContents: { info: assets.lockInfo, packages: assets.packages?.lock ?? {} },
    jsglobals: Object.create(null) as object,
    env: { HOME: "/home/python", PYTHONINSPECT: "" },
    ...(makeSnapshot ? { _makeSnapshot: true } : {}),
    ...(assets.snapshot === undefined ? {} : { _loadSnapshot: assets.snapshot }),
  });
  if (assets.packages !== undefined) await installPackages(python, assets.packages.names);
  installRuntime(python, assets.modules);
  return python;
}

/** Pyodide asks for its files by `fetch`; they are here already. */
function serveAssets(
  { wasm, standardLibrary, packages }: PythonAssets,
  stack: StackSwitch | undefined,
): void {
  const files = new Map([
    ...Object.entries(packages?.files ?? {}).map(
      ([name, content]) =>
        // Those that check what they are given take no shared memory.
        [
          assetOrigin + name,
          { ok: true, arrayBuffer: async () => content.slice().buffer },
        ] as const,
    ),
    [`${assetOrigin}python_stdlib.zip`, { ok: true, arrayBuffer: async () => standardLibrary }],
    [`${assetOrigin}pyodide.asm.wasm`, { ok: true }],
  ]);
  Object.defineProperty(globalThis, "fetch", {
    value: async (url: URL) => files.get(String(url)) ?? { ok: false },
    configurable: true,
  });
  WebAssembly.instantiateStreaming = async (_response, imports = {}) => {
    await stack?.gateCalls(imports);
    return { instance: await WebAssembly.instantiate(wasm, imports), module: wasm };
  };
}

/** Pyodide reports some of what goes wrong, and throws the rest. */
async function installPackages(python: PyodideAPI, names: readonly string[]): Promise<void> {
  const problems: string[] = [];
  const errorCallback = (message: string) => problems.push(lastLine(message));
  const options = { checkIntegrity: false, messageCallback: () => {}, errorCallback };
  await python.loadPackage(names, options).catch((error: unknown) => errorCallback(String(error)));
  if (problems.length === 0) return;
  throw new PackageError(`${packageProblem} (${names.join(", ")}): ${problems.join(" ")}`);
}

/** Of a traceback, what was raised. */
function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

function installRuntime({ FS }: PyodideAPI, modules: Readonly<Record<string, string>>): void {
  const packages = new Set(Object.keys(modules).map((name) => name.split(".")[0]));
  for (const [name, source] of Object.entries(modules)) {
    const path = packages.has(name) ? `${name}/__init__` : name.replaceAll(".", "/");
    FS.mkdirTree(`${runtimeDirectory}/${path.slice(0, path.indexOf("/"))}`);
    // As text, it would be encoded by JavaScript, letter by letter.
    FS.writeFile(`${runtimeDirectory}/${path}.py`, bytesOf(source));
  }
}

/** Runs before a snapshot is made, or else at the start. */
export const importRuntime = `
import sys
if ${JSON.stringify(runtimeDirectory)} not in sys.path:
    sys.path.append(${JSON.stringify(runtimeDirectory)})
import codeact_pyodide.session
`;
