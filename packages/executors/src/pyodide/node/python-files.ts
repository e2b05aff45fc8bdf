import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { CodeActError } from "@codeact/core";
import type { LockFile } from "../packages/lock-file.js";
import { pyodideModules } from "../pyodide-modules.js";
import type { PythonAssets } from "../worker/boot.js";
import { testedVersion } from "../tested-version.js";
import { readAssets } from "./read-assets.js";

/** The part of its `package.json` that is used. */
interface Manifest {
  version: string;
}

/** Pyodide as it is installed, in a form that any number of workers share. */
export interface InstalledPyodide {
  version: string;
  /** Where the package lies. */
  directory: string;
  assets: PythonAssets;
  /** The list of its packages. */
  lock: LockFile;
}

let loading: Promise<InstalledPyodide> | undefined;

/** Loads the `pyodide` package, once. @throws CodeActError with code `executor-start`. */
export function loadPyodidePackage(): Promise<InstalledPyodide> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<InstalledPyodide> {
  return readInstalled(findPackage());
}

/** Reads the package in a directory. @throws CodeActError with code `executor-start`. */
export async function readInstalled(directory: string): Promise<InstalledPyodide> {
  const file = (name: string) => join(directory, name);
  const manifest = readFile(file("package.json"), "utf8").then(
    (text) => JSON.parse(text) as Manifest,
  );
  const { version } = await whole(directory, manifest);
  if (version.split(".")[0] !== testedVersion.split(".")[0]) {
    throw new CodeActError(
      "executor-start",
      `PyodideExecutor needs pyodide ${testedVersion.split(".")[0]}; ${directory} is ${version}. ` +
        `Install it by \`npm install pyodide@${testedVersion}\`.`,
    );
  }
  const [assets, lock] = await whole(
    directory,
    Promise.all([
      readAssets(directory, pyodideModules),
      readFile(file("pyodide-lock.json"), "utf8").then((text) => JSON.parse(text) as LockFile),
    ]),
  );
  return { version, directory, assets, lock };
}

async function whole<T>(directory: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw new CodeActError(
      "executor-start",
      `PyodideExecutor cannot read the package pyodide in ${directory} (${String(error)}). ` +
        `If it is damaged, install it again by \`npm install pyodide@${testedVersion}\`.`,
      { cause: error },
    );
  }
}

function findPackage(): string {
  const require = createRequire(import.meta.url);
  try {
    return dirname(require.resolve("pyodide/package.json"));
  } catch (error) {
    throw new CodeActError(
      "executor-start",
      `PyodideExecutor needs the package pyodide: install it by \`npm install pyodide@${testedVersion}\`.`,
      { cause: error },
    );
  }
}
