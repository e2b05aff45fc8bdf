import { satisfies, valid } from "@renovatebot/pep440";
import { type PackageMeans, readDistribution, targetOf } from "./lock-file.js";
import { isUrl, NoSuchFileError, type PlacedFile, type PlaceReader, reasonOf } from "./place.js";
import { type IndexFile, projectPageTypes, readProjectPage } from "./project-page.js";
import { RequirementError } from "./requirement-error.js";
import { parseWheelName, type TargetPython, wheelRank } from "./wheel-name.js";

/** A wheel that can be installed. */
export interface Candidate {
  version: string;
  fileName: string;
  place: string;
  sha256: string | undefined;
  isYanked: boolean;
  /** How well it fits, 0 best. */
  rank: number;
}

/** What a place has of a project. */
export interface ProjectFiles {
  candidates: readonly Candidate[];
  /** The names of all files, those that do not work included. */
  fileNames: readonly string[];
}

/** A place that wheels come from. */
export interface PackageSource {
  /** Where that is, in words. */
  readonly description: string;
  /** `undefined` when it has nothing of that name. @throws RequirementError when it cannot be asked. */
  find(name: string, signal: AbortSignal): Promise<ProjectFiles | undefined>;
}

const maxPageBytes = 67_108_864;

/** An index at a URL, or a directory with wheels. */
export function sourceAt(place: string, reader: PlaceReader, target: TargetPython): PackageSource {
  return {
    description: place,
    find: async (name, signal) => {
      const files =
        isUrl(place) || reader.list === undefined
          ? await askIndex(place, name, reader, signal)
          : await askDirectory(place, name, reader);
      return files && projectFiles(files, name, target);
    },
  };
}

/** Pyodide's own packages. */
export function distributionSource(means: PackageMeans): PackageSource {
  const { reader, ownLock, ownBase, baseUrl } = means;
  return {
    description: baseUrl ?? ownBase,
    find: async (name) => {
      const { lock, base } = await readDistribution(means).catch((error: unknown) => {
        throw new RequirementError(reasonOf(error), { cause: error });
      });
      const entry = lock.packages[name];
      if (entry === undefined) return undefined;
      const file: IndexFile = {
        fileName: entry.file_name,
        place: reader.join(base, entry.file_name),
        sha256: entry.sha256,
        requiresPython: undefined,
        isYanked: false,
      };
      return projectFiles([file], name, targetOf(ownLock));
    },
  };
}

async function askIndex(
  index: string,
  name: string,
  reader: PlaceReader,
  signal: AbortSignal,
): Promise<IndexFile[] | undefined> {
  let page: PlacedFile;
  try {
    const options = { signal, accept: projectPageTypes, maxBytes: maxPageBytes };
    page = await reader.read(reader.join(index, `${name}/`), options);
    return readProjectPage(page);
  } catch (error) {
    if (error instanceof NoSuchFileError) return undefined;
    throw new RequirementError(`${index} cannot be asked for ${name}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

async function askDirectory(
  directory: string,
  name: string,
  reader: PlaceReader,
): Promise<IndexFile[] | undefined> {
  let names: string[];
  try {
    names = (await reader.list?.(directory)) ?? [];
  } catch (error) {
    throw new RequirementError(`${directory} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
  const files = names
    .filter((fileName) => parseWheelName(fileName)?.name === name)
    .map((fileName) => ({
      fileName,
      place: reader.join(directory, fileName),
      sha256: undefined,
      requiresPython: undefined,
      isYanked: false,
    }));
  return files.length === 0 ? undefined : files;
}

function projectFiles(
  files: readonly IndexFile[],
  name: string,
  target: TargetPython,
): ProjectFiles {
  const candidates = files.flatMap((file): Candidate[] => {
    const wheel = parseWheelName(file.fileName);
    const rank = wheel?.name === name ? wheelRank(wheel, target) : undefined;
    const { requiresPython = "" } = file;
    if (wheel === undefined || rank === undefined || valid(wheel.version) === null) return [];
    if (
      requiresPython !== "" &&
      !satisfies(target.version, requiresPython, { prereleases: true })
    ) {
      return [];
    }
    const { fileName, place, sha256, isYanked } = file;
    return [{ version: wheel.version, fileName, place, sha256, isYanked, rank }];
  });
  return { candidates, fileNames: files.map(({ fileName }) => fileName) };
}
