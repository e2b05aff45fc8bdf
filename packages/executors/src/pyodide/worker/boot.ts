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
}

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
    createPyodideModule,
    lockFileContents: { info: assets.lockInfo, packages: {} },
    jsglobals: Object.create(null) as object,
    env: { HOME: "/home/python", PYTHONINSPECT: "" },
    ...(makeSnapshot ? { _makeSnapshot: true } : {}),
    ...(assets.snapshot === undefined ? {} : { _loadSnapshot: assets.snapshot }),
  });
  installRuntime(python, assets.modules);
  return python;
}

/** Pyodide asks for its files by `fetch`; they are here already. */
function serveAssets({ wasm, standardLibrary }: PythonAssets, stack?: StackSwitch): void {
  const files = new Map([
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

function installRuntime({ FS }: PyodideAPI, modules: Readonly<Record<string, string>>): void {
  const packages = new Set(Object.keys(modules).map((name) => name.split(".")[0]));
  for (const [name, source] of Object.entries(modules)) {
    const path = packages.has(name) ? `${name}/__init__` : name.replaceAll(".", "/");
    FS.mkdirTree(`${runtimeDirectory}/${path.slice(0, path.indexOf("/"))}`);
    FS.writeFile(`${runtimeDirectory}/${path}.py`, source);
  }
}

/** Runs before a snapshot is made, or else at the start. */
export const importRuntime = `
import sys
if ${JSON.stringify(runtimeDirectory)} not in sys.path:
    sys.path.append(${JSON.stringify(runtimeDirectory)})
import codeact_pyodide.session
`;
