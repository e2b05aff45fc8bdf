import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PythonAssets } from "../worker/boot.js";

/** Reads the files of an installed Pyodide into a form that any number of workers share. */
export async function readAssets(
  directory: string,
  modules: Readonly<Record<string, string>>,
): Promise<PythonAssets> {
  const file = (name: string) => join(directory, name);
  const [wasm, standardLibrary, lock] = await Promise.all([
    readFile(file("pyodide.asm.wasm")).then((bytes) => WebAssembly.compile(bytes)),
    readFile(file("python_stdlib.zip")).then(toShared),
    readFile(file("pyodide-lock.json"), "utf8"),
  ]);
  const { info } = JSON.parse(lock) as { info: object };
  return {
    loaderUrl: pathToFileURL(file("pyodide.mjs")).href,
    moduleUrl: pathToFileURL(file("pyodide.asm.mjs")).href,
    wasm,
    standardLibrary: standardLibrary.buffer,
    lockInfo: info,
    modules,
  };
}

/** A copy that workers read without copying it again. */
export function toShared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
