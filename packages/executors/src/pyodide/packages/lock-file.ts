import { CodeActError } from "@codeact/core";
import { type PlaceReader, reasonOf } from "./place.js";
import type { TargetPython } from "./wheel-name.js";

/** What is known of a package in a lock file of Pyodide. */
export interface LockedPackage {
  name: string;
  version: string;
  file_name: string;
  sha256: string;
  depends: readonly string[];
}

/** The part of a lock file that is used. */
export interface LockFile {
  info: { abi_version?: string; python?: string };
  packages: Readonly<Record<string, LockedPackage>>;
}

/** Pyodide's own packages, and where they are. */
export interface Distribution {
  lock: LockFile;
  /** The directory or the URL with the wheels. */
  base: string;
}

/** What is needed to load packages. */
export interface PackageMeans {
  reader: PlaceReader;
  /** The lock file of the Pyodide that runs. */
  ownLock: LockFile;
  /** Where the packages of that version are. */
  ownBase: string;
  /** What the user says instead. */
  baseUrl: string | undefined;
}

/** Where Pyodide's own packages are, if nobody says otherwise. */
export function distributionUrl(version: string): string {
  return `https://cdn.jsdelivr.net/pyodide/v${version}/full/`;
}

/** What runs the packages. */
export function targetOf({ info }: LockFile): TargetPython {
  return { version: info.python ?? "", abi: info.abi_version ?? "" };
}

/** Pyodide's own packages, of which only the list is read. @throws CodeActError with code `executor-start`. */
export async function readDistribution(means: PackageMeans): Promise<Distribution> {
  const { reader, ownLock, ownBase, baseUrl } = means;
  if (baseUrl === undefined) return { lock: ownLock, base: ownBase };
  const place = reader.join(baseUrl, "pyodide-lock.json");
  const lock = await reader
    .read(place)
    .then(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)) as LockFile)
    .catch((error: unknown) => {
      throw cannotLoad("the list of packages", place, error);
    });
  if (lock.info.abi_version !== ownLock.info.abi_version) {
    throw new CodeActError(
      "executor-start",
      `The packages at ${baseUrl} are for version ${lock.info.abi_version} of Pyodide's interface, and ` +
        `the installed pyodide has ${ownLock.info.abi_version}. Set \`packageBaseUrl\` to a distribution ` +
        "of the same version.",
    );
  }
  return { lock, base: baseUrl };
}

/** The error for what a place does not give. */
export function cannotLoad(what: string, place: string, error: unknown): CodeActError {
  return new CodeActError(
    "executor-start",
    `Cannot load ${what} from ${place}: ${reasonOf(error)}. Set the option \`packageBaseUrl\` of ` +
      "PyodideExecutor to a directory or a URL with Pyodide's lock file and wheels.",
    { cause: error },
  );
}
