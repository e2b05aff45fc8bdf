import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { CodeActError } from "@codeact/core";
import type { PackageAssets } from "../worker/boot.js";
import type { InstalledPyodide } from "./python-files.js";
import { toShared } from "./read-assets.js";

/** What is known of a package in a lock file of Pyodide. */
interface LockedPackage {
  name: string;
  version: string;
  file_name: string;
  sha256: string;
  depends: readonly string[];
}

/** The part of a lock file that is used. */
interface LockFile {
  info: { abi_version?: string; python?: string };
  packages: Readonly<Record<string, LockedPackage>>;
}

/** What to load, and from where. */
export interface PackagePlan {
  /** Names in the lock file, and wheels by paths or URLs. */
  packages: readonly string[];
  /** A directory or a URL with `pyodide-lock.json` and the wheels that it names. */
  baseUrl: string | undefined;
}

const fetchTimeoutMs = 120_000;

/**
 * Loads packages with all that they need, in a form that any number of workers share. Whatever a lock file
 * names has to have the hash that stands there.
 * @throws CodeActError with code `executor-start`.
 */
export async function loadPackages(
  pyodide: InstalledPyodide,
  { packages, baseUrl }: PackagePlan,
): Promise<PackageAssets> {
  const base = baseUrl ?? `https://cdn.jsdelivr.net/pyodide/v${pyodide.version}/full/`;
  const wheels = packages.filter((each) => each.endsWith(".whl"));
  const names = packages.filter((each) => !each.endsWith(".whl")).map(normalise);
  const locked =
    names.length === 0 ? [] : withDependencies(names, await readLock(pyodide, baseUrl), base);
  const entries = await Promise.all([
    ...locked.map((entry) => loadLocked(entry, base)),
    ...wheels.map((place) => loadWheel(place, pyodide)),
  ]);
  return {
    names: [...names, ...wheels.map((place) => wheelOf(place).name)],
    lock: Object.fromEntries(entries.map(({ entry }) => [normalise(entry.name), entry])),
    files: Object.fromEntries(entries.map(({ entry, content }) => [entry.file_name, content])),
  };
}

/** The lock file; that of the installed package belongs to the default place. */
async function readLock(
  { directory, assets }: InstalledPyodide,
  baseUrl: string | undefined,
): Promise<LockFile> {
  const place = baseUrl ?? directory;
  const bytes = await readPlace(placeIn(place, "pyodide-lock.json"), "the list of packages");
  const lock = JSON.parse(Buffer.from(bytes).toString("utf8")) as LockFile;
  const { abi_version: expected } = assets.lockInfo as LockFile["info"];
  if (lock.info.abi_version !== expected) {
    throw new CodeActError(
      "executor-start",
      `The packages at ${place} are for version ${lock.info.abi_version} of Pyodide's interface, and ` +
        `the installed pyodide has ${expected}. Set \`packageBaseUrl\` to a distribution of the same version.`,
    );
  }
  return lock;
}

function withDependencies(
  names: readonly string[],
  { packages }: LockFile,
  base: string,
): LockedPackage[] {
  const found = new Map<string, LockedPackage>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const entry = packages[name];
    if (entry === undefined) {
      throw new CodeActError(
        "executor-start",
        `There is no package ${JSON.stringify(name)} for Pyodide at ${base}. Give the path of a ` +
          "wheel of plain Python in `packages`, or another `packageBaseUrl`.",
      );
    }
    found.set(name, entry);
    waiting.push(...entry.depends.map(normalise));
  }
  return [...found.values()];
}

async function loadLocked(entry: LockedPackage, base: string) {
  const what = `the package ${JSON.stringify(entry.name)}`;
  const bytes = await readPlace(placeIn(base, entry.file_name), what);
  if (hashOf(bytes) !== entry.sha256) {
    throw new CodeActError(
      "executor-start",
      `The file of ${what} at ${base} is not the one that the lock file names: its hash differs.`,
    );
  }
  return { entry, content: toShared(bytes) };
}

async function loadWheel(place: string, { assets }: InstalledPyodide) {
  const { name, version, platform, fileName } = wheelOf(place);
  const { abi_version: abi = "" } = assets.lockInfo as LockFile["info"];
  if (platform !== "any" && !platform.includes(`_${abi}_wasm32`)) {
    throw new CodeActError(
      "executor-start",
      `The wheel ${place} is for ${platform}; Pyodide needs one for any platform, or for ` +
        `pyemscripten_${abi}_wasm32.`,
    );
  }
  const bytes = await readPlace(place, `the wheel ${JSON.stringify(fileName)}`);
  const entry = {
    name,
    version,
    file_name: fileName,
    sha256: hashOf(bytes),
    depends: [],
    imports: [name],
    install_dir: "site",
    package_type: "package",
    unvendored_tests: false,
  };
  return { entry, content: toShared(bytes) };
}

/** What a wheel's name says. */
function wheelOf(place: string) {
  const fileName = basename(new URL(place, "file:///").pathname);
  const parts = fileName.slice(0, -".whl".length).split("-");
  const [name = "", version = ""] = parts;
  return { name: normalise(name), version, platform: parts.at(-1) ?? "", fileName };
}

async function readPlace(place: string, what: string): Promise<Uint8Array> {
  try {
    if (!isUrl(place)) return await readFile(place);
    const answer = await fetch(place, { signal: AbortSignal.timeout(fetchTimeoutMs) });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  } catch (error) {
    throw new CodeActError(
      "executor-start",
      `Cannot load ${what} from ${place}: ${reasonOf(error)}. Set the option \`packageBaseUrl\` of ` +
        "PyodideExecutor to a directory or a URL with Pyodide's lock file and wheels.",
      { cause: error },
    );
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function placeIn(base: string, name: string): string {
  return isUrl(base)
    ? new URL(name, base.endsWith("/") ? base : `${base}/`).href
    : join(base, name);
}

function isUrl(place: string): boolean {
  return /^https?:/i.test(place);
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
