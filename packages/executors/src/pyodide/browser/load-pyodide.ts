import { CodeActError } from "@codeact/core";
import { SharedResults } from "../host/shared-results.js";
import type { LockFile } from "../packages/lock-file.js";
import { pyodideModules } from "../pyodide-modules.js";
import { testedVersion } from "../tested-version.js";
import type { PythonAssets } from "../worker/boot.js";

/** Pyodide's files, in a form that any number of workers take. */
export interface LoadedPyodide {
  assets: PythonAssets;
  /** The list of its packages. */
  lock: LockFile;
  /** What a snapshot depends on. */
  identity: readonly BufferSource[];
}

const loaded = new SharedResults<string, LoadedPyodide>();

/**
 * Loads Pyodide from where it is served, once.
 * @throws CodeActError with code `executor-start`; or `signal.reason` when aborted.
 */
export function loadPyodide(indexUrl: string, signal?: AbortSignal): Promise<LoadedPyodide> {
  return loaded.get(indexUrl, (stopped) => load(indexUrl, stopped), signal);
}

async function load(indexUrl: string, stopped: AbortSignal): Promise<LoadedPyodide> {
  const [wasm, standardLibrary, { lock, lockText }] = await Promise.all([
    request(`${indexUrl}pyodide.asm.wasm`, compile, stopped),
    request(`${indexUrl}python_stdlib.zip`, (response) => response.arrayBuffer(), stopped),
    request(`${indexUrl}pyodide-lock.json`, readLock, stopped),
  ]);
  const { info } = lock;
  if (!info.python?.startsWith(testedPython)) {
    throw new CodeActError(
      "executor-start",
      `PyodideExecutor needs Pyodide ${testedVersion.split(".")[0]}; what ${indexUrl} serves has ` +
        `Python ${info.python}. Serve the files of pyodide@${testedVersion} there.`,
    );
  }
  const assets: PythonAssets = {
    loaderUrl: `${indexUrl}pyodide.mjs`,
    moduleUrl: `${indexUrl}pyodide.asm.mjs`,
    wasm,
    standardLibrary,
    lockInfo: info,
    modules: pyodideModules,
  };
  const text = new TextEncoder().encode(JSON.stringify([lockText, pyodideModules]));
  return { assets, lock, identity: [text, standardLibrary] };
}

const testedPython = "3.14.";

async function compile(response: Response): Promise<WebAssembly.Module> {
  // A server that does not know the type of such files is no reason to fail.
  if (response.headers.get("content-type") !== "application/wasm") {
    return WebAssembly.compile(await response.arrayBuffer());
  }
  return WebAssembly.compileStreaming(response);
}

async function readLock(response: Response): Promise<{ lock: LockFile; lockText: string }> {
  const lockText = await response.text();
  const lock = JSON.parse(lockText) as LockFile | null;
  if (typeof lock?.info !== "object") throw new Error("it is no lock file of Pyodide");
  return { lock, lockText };
}

async function request<T>(
  url: string,
  read: (response: Response) => Promise<T>,
  stopped: AbortSignal,
): Promise<T> {
  try {
    const response = await fetch(url, { signal: stopped });
    if (!response.ok) throw new Error(`the server answered with status ${response.status}`);
    // What servers of applications answer for any path.
    if (response.headers.get("content-type")?.startsWith("text/html") === true) {
      throw new Error("the server answered with a web page");
    }
    return await read(response);
  } catch (error) {
    throw new CodeActError(
      "executor-start",
      `PyodideExecutor cannot load ${url} (${String(error)}). ` +
        `Serve the files of the package pyodide@${testedVersion}, and set the option \`indexUrl\` ` +
        "to where they are.",
      { cause: error },
    );
  }
}
