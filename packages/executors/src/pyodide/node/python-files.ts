import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { CodeActError } from "@codeact/core";
import type { LockFile } from "../packages/lock-file.js";
import { pyodideModules } from "../pyodide-modules.js";
import type { PythonAssets } from "../worker/boot.js";
import { testedVersion } from "../tested-version.js";
import { readAssets } from "./read-assets.js";

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
  const directory = findPackage();
  const file = (name: string) => join(directory, name);
  const { version } = JSON.parse(await readFile(file("package.json"), "utf8")) as {
    version: string;
  };
  if (version.split(".")[0] !== testedVersion.split(".")[0]) {
    throw new CodeActError(
      "executor-start",
      `PyodideExecutor needs pyodide ${testedVersion.split(".")[0]}; ${directory} is ${version}. ` +
        `Install it by \`npm install pyodide@${testedVersion}\`.`,
    );
  }
  const [assets, lock] = await Promise.all([
    readAssets(directory, pyodideModules),
    readFile(file("pyodide-lock.json"), "utf8"),
  ]);
  return { version, directory, assets, lock: JSON.parse(lock) as LockFile };
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
