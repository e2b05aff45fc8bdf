import { CodeActError } from "@codeact/core";
import { SharedResults } from "../host/shared-results.js";
import type { PackageAssets } from "../worker/boot.js";
import { sha256Of } from "./hash.js";
import {
  cannotLoad,
  type Distribution,
  type LockedPackage,
  type PackageMeans,
  readDistribution,
  targetOf,
} from "./lock-file.js";
import type { PlaceReader } from "./place.js";
import {
  describeTarget,
  fileNameOf,
  normalName,
  parseWheelName,
  type TargetPython,
  type WheelName,
  wheelRank,
} from "./wheel-name.js";

/**
 * Loads packages with all that they need: names in Pyodide's lock file, and wheels by paths or URLs. Whatever
 * the lock file names has to have the hash that stands there.
 * @throws CodeActError with code `executor-start`.
 */
export async function loadPackages(
  packages: readonly string[],
  means: PackageMeans,
): Promise<PackageAssets> {
  const { reader, ownLock } = means;
  const wheels = packages
    .filter((each) => each.endsWith(".whl"))
    .map((place) => ({ place, wheel: checkedWheel(place, targetOf(ownLock)) }));
  const names = packages.filter((each) => !each.endsWith(".whl")).map(normalName);
  const distribution = names.length === 0 ? undefined : await readDistribution(means);
  const locked = distribution === undefined ? [] : withDependencies(names, distribution);
  const entries = await Promise.all([
    ...locked.map((entry) => loadLocked(entry, distribution?.base ?? "", reader)),
    ...wheels.map(({ place, wheel }) => loadWheel(place, wheel, reader)),
  ]);
  return {
    names: [...names, ...wheels.map(({ wheel }) => wheel.name)],
    lock: Object.fromEntries(entries.map(({ entry }) => [normalName(entry.name), entry])),
    files: Object.fromEntries(entries.map(({ entry, content }) => [entry.file_name, content])),
  };
}

/** The packages of all interpreters of an executor, loaded once; a failure is tried again. */
export class SharedPackages {
  readonly #names: readonly string[];
  readonly #loaded = new SharedResults<"all", PackageAssets>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /**
   * `undefined` where there are none.
   * @throws CodeActError with code `executor-start`; or `signal.reason` when aborted.
   */
  async load(means: PackageMeans, signal: AbortSignal): Promise<PackageAssets | undefined> {
    if (this.#names.length === 0) return undefined;
    const load = (stopped: AbortSignal) =>
      loadPackages(this.#names, { ...means, reader: stoppable(means.reader, stopped) });
    return this.#loaded.get("all", load, signal);
  }
}

function stoppable(reader: PlaceReader, signal: AbortSignal): PlaceReader {
  return { ...reader, read: (place, options) => reader.read(place, { ...options, signal }) };
}

function withDependencies(names: readonly string[], { lock, base }: Distribution): LockedPackage[] {
  const found = new Map<string, LockedPackage>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const entry = lock.packages[name];
    if (entry === undefined) {
      throw new CodeActError(
        "executor-start",
        `There is no package ${JSON.stringify(name)} for Pyodide at ${base}. Give the place of a ` +
          "wheel of plain Python in `packages`, or another `packageBaseUrl`.",
      );
    }
    found.set(name, entry);
    waiting.push(...entry.depends.map(normalName));
  }
  return [...found.values()];
}

async function loadLocked(entry: LockedPackage, base: string, reader: PlaceReader) {
  const what = `the package ${JSON.stringify(entry.name)}`;
  const place = reader.join(base, entry.file_name);
  const { content, hash } = await readHashed(place, what, reader);
  if (hash !== entry.sha256) {
    throw new CodeActError(
      "executor-start",
      `The file of ${what} at ${base} is not the one that the lock file names: its hash differs.`,
    );
  }
  return { entry, content };
}

async function loadWheel(
  place: string,
  { name, version, fileName }: WheelName,
  reader: PlaceReader,
) {
  const what = `the wheel ${JSON.stringify(fileName)}`;
  const { content, hash } = await readHashed(place, what, reader);
  const entry = {
    name,
    version,
    file_name: fileName,
    sha256: hash,
    depends: [],
    imports: [name],
    install_dir: "site",
    package_type: "package",
    unvendored_tests: false,
  };
  return { entry, content };
}

function checkedWheel(place: string, target: TargetPython): WheelName {
  const wheel = parseWheelName(fileNameOf(place));
  if (wheel !== undefined && wheelRank(wheel, target) !== undefined) return wheel;
  throw new CodeActError(
    "executor-start",
    `The wheel ${place} does not work in Pyodide, which needs one of ${describeTarget(target)}.`,
  );
}

async function readHashed(place: string, what: string, reader: PlaceReader) {
  try {
    const { bytes } = await reader.read(place);
    return { content: toShared(bytes), hash: await sha256Of(bytes) };
  } catch (error) {
    throw cannotLoad(what, place, error);
  }
}

/** A copy that workers read without copying it again, where memory can be shared. */
function toShared(bytes: Uint8Array): Uint8Array {
  if (typeof SharedArrayBuffer === "undefined") return bytes;
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
