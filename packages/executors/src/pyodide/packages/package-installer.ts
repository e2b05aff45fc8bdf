import type { ToolCallOutcome, ToolCallRequest } from "@codeact/core";
import { isObject } from "../../bridge/frame-parser.js";
import { sha256Of } from "./hash.js";
import {
  type Candidate,
  distributionSource,
  type PackageSource,
  sourceAt,
} from "./package-source.js";
import { type PackageMeans, targetOf } from "./lock-file.js";
import { markerEnvironment } from "./marker.js";
import { type PlaceReader, reasonOf } from "./place.js";
import { parseRequirement } from "./requirement.js";
import { RequirementError } from "./requirement-error.js";
import { type ResolutionRequest, resolveRequirements } from "./resolve.js";
import { describeTarget, normalName, type TargetPython } from "./wheel-name.js";
import { readDependencies } from "./wheel-metadata.js";

/** The call by which Python asks for wheels. The name is reserved. */
export const installCall = "codeact:install";

/** All wheels of one request; more would not fit into its answer. */
const maxWheelBytes = 200 * 1_048_576;
const maxRequirements = 1000;
const maxRequirementCharacters = 1000;

/**
 * Answers the requests of Python to install packages: with wheels from the places that the user has named,
 * and from nowhere else. Whatever the code says chooses among what is there.
 */
export class PackageInstaller {
  readonly #places: readonly string[] | undefined;
  readonly #loadMeans: () => Promise<PackageMeans>;
  /** One at a time, so that a flood of requests fills no memory. */
  #last: Promise<unknown> = Promise.resolve();

  /** `places` are indexes and directories; without them every request is refused. */
  constructor(places: readonly string[] | undefined, loadMeans: () => Promise<PackageMeans>) {
    this.#places = places;
    this.#loadMeans = loadMeans;
  }

  readonly answer = async ({ input, signal }: ToolCallRequest): Promise<ToolCallOutcome> => {
    const turn = this.#last.then(async (): Promise<ToolCallOutcome> => {
      try {
        signal.throwIfAborted();
        return { ok: true, value: await this.#install(readRequest(input), signal) };
      } catch (error) {
        const isForCode = error instanceof RequirementError;
        const message = isForCode ? error.message : `the host failed: ${reasonOf(error)}`;
        return { ok: false, error: { type: "ValueError", message } };
      }
    });
    this.#last = turn;
    return turn;
  };

  async #install(request: ResolutionRequest, signal: AbortSignal) {
    const means = await this.#loadMeans();
    const { reader } = means;
    const target = targetOf(means.ownLock);
    const places = this.#places;
    const sources = places && [
      ...places.map((place) => sourceAt(place, reader, target)),
      distributionSource(means),
    ];
    const download = new Downloads(reader, signal);
    const found = new Map<string, Promise<readonly Candidate[]>>();
    const chosen = await resolveRequirements(request, {
      environment: markerEnvironment(target),
      candidates: async (name, neededBy) => {
        if (sources === undefined) throw new RequirementError(refusal(name));
        const finding =
          found.get(name) ?? findCandidates(name, neededBy, { sources, target, signal });
        found.set(name, finding);
        return finding;
      },
      dependencies: async (candidate) =>
        readDependencies(await download.read(candidate), candidate.fileName),
    });
    const wheels = [];
    // One after the other, so that the limit on all of them is one on what is in memory.
    for (const [name, candidate] of chosen) {
      const { version, fileName } = candidate;
      wheels.push({ name, version, fileName, content: await download.read(candidate) });
    }
    return wheels;
  }
}

function refusal(name: string): string {
  return (
    `${name} cannot be installed, for the host has not allowed it. Use what is installed. Whoever runs the ` +
    "host can name an index or a directory with wheels by the option `installFrom` of PyodideExecutor"
  );
}

/** The wheels of one request, each of which is read once. */
class Downloads {
  readonly #reader: PlaceReader;
  readonly #signal: AbortSignal;
  readonly #wheels = new Map<Candidate, Promise<Uint8Array>>();
  #bytes = 0;

  constructor(reader: PlaceReader, signal: AbortSignal) {
    this.#reader = reader;
    this.#signal = signal;
  }

  read(candidate: Candidate): Promise<Uint8Array> {
    const wheel = this.#wheels.get(candidate) ?? this.#load(candidate);
    this.#wheels.set(candidate, wheel);
    return wheel;
  }

  async #load({ place, sha256, fileName }: Candidate): Promise<Uint8Array> {
    const maxBytes = maxWheelBytes - this.#bytes;
    try {
      const { bytes } = await this.#reader.read(place, { signal: this.#signal, maxBytes });
      this.#bytes += bytes.length;
      if (this.#bytes > maxWheelBytes) throw new Error("the packages are too large together");
      if (sha256 !== undefined && (await sha256Of(bytes)) !== sha256) {
        throw new Error("its hash is not the one that the index states");
      }
      return bytes;
    } catch (error) {
      throw new RequirementError(`${fileName} cannot be loaded: ${reasonOf(error)}`, {
        cause: error,
      });
    }
  }
}

/** Of the first place that has something of this name that works; later ones cannot replace it. */
async function findCandidates(
  name: string,
  neededBy: string,
  means: { sources: readonly PackageSource[]; target: TargetPython; signal: AbortSignal },
): Promise<readonly Candidate[]> {
  const { sources, target, signal } = means;
  const which = neededBy === "" ? name : `${name} (needed by ${neededBy})`;
  let others: readonly string[] = [];
  for (const source of sources) {
    const files = await source.find(name, signal);
    if (files === undefined) continue;
    if (files.candidates.length > 0) return files.candidates;
    others = files.fileNames.length > 0 ? files.fileNames : others;
  }
  if (others.length === 0) {
    const places = sources.map(({ description }) => description).join(", ");
    throw new RequirementError(`there is no package ${which} at ${places}`);
  }
  throw new RequirementError(
    `no wheel of ${which} works here: it has to be of ${describeTarget(target)}. ` +
      `There are ${others.length} files, such as ${others.slice(-3).join(", ")}`,
  );
}

/** @throws RequirementError when no honest request looks like it. */
function readRequest(input: unknown): ResolutionRequest {
  if (!isObject(input)) throw new RequirementError("this is no request for packages");
  const { requirements, installed, upgrade, pre, dependencies } = input;
  const isText = (each: unknown): each is string =>
    typeof each === "string" && each.length <= maxRequirementCharacters;
  if (
    !Array.isArray(requirements) ||
    requirements.length > maxRequirements ||
    !requirements.every(isText) ||
    !isObject(installed)
  ) {
    throw new RequirementError("this is no request for packages");
  }
  return {
    requirements: requirements.map(parseRequirement),
    installed: new Map(
      Object.entries(installed).map(([name, version]) => [normalName(name), String(version)]),
    ),
    isUpgrade: upgrade === true,
    takesPrereleases: pre === true,
    withDependencies: dependencies !== false,
  };
}
