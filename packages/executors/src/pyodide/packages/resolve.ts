import { explain, maxSatisfying, valid } from "@renovatebot/pep440";
import { isTrue, type MarkerEnvironment } from "./marker.js";
import type { Candidate } from "./package-source.js";
import { parseRequirement, type Requirement } from "./requirement.js";
import { RequirementError } from "./requirement-error.js";

/** What is asked for. */
export interface ResolutionRequest {
  requirements: readonly Requirement[];
  /** Versions of what is there already, by normal names. */
  installed: ReadonlyMap<string, string>;
  /** Whether to take the newest even of what is there and would do. */
  isUpgrade: boolean;
  /** Whether versions before a release will do. */
  takesPrereleases: boolean;
  /** Whether to install what the packages need as well. */
  withDependencies: boolean;
}

/** Where the facts come from. */
export interface ResolutionFacts {
  environment: MarkerEnvironment;
  /** The candidates of a project. @throws RequirementError when there are none. */
  candidates(name: string, neededBy: string): Promise<readonly Candidate[]>;
  /** What a wheel says that it needs. */
  dependencies(candidate: Candidate): Promise<readonly string[]>;
}

/** What a project has to be. */
interface Wanted {
  extras: Set<string>;
  demands: { specifier: string; by: string }[];
}

const maxRounds = 60;
const maxProjects = 300;

/**
 * Finds the newest versions that satisfy everything that is asked for, and what those need. It does not
 * go back to an older version of a package because of what a newer one needs.
 * @throws RequirementError
 */
export async function resolveRequirements(
  request: ResolutionRequest,
  facts: ResolutionFacts,
): Promise<ReadonlyMap<string, Candidate>> {
  let chosen = new Map<string, Candidate>();
  for (let round = 0; round < maxRounds; round++) {
    const wanted = await collect(request, facts, chosen);
    const names = [...wanted].filter(([name, each]) => !isKept(name, each, request));
    if (names.length > maxProjects) throw new RequirementError("it needs too many packages");
    const next = new Map(
      await Promise.all(
        names.map(async ([name, each]) => {
          const candidates = await facts.candidates(name, each.demands[0]?.by ?? "");
          return [name, choose(name, each, candidates, request.takesPrereleases)] as const;
        }),
      ),
    );
    const isSame =
      next.size === chosen.size &&
      [...next].every(([name, candidate]) => chosen.get(name) === candidate);
    if (isSame) return chosen;
    chosen = next;
  }
  throw new RequirementError("no versions of these packages were found that agree");
}

/** All that is wanted, by what has been chosen so far. */
async function collect(
  { requirements, withDependencies }: ResolutionRequest,
  facts: ResolutionFacts,
  chosen: ReadonlyMap<string, Candidate>,
): Promise<Map<string, Wanted>> {
  const wanted = new Map<string, Wanted>();
  const waiting = requirements.map((requirement) => ({ requirement, by: "", extras: [""] }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { requirement, by, extras } = next;
    const { name, marker, specifier } = requirement;
    const holds = (extra: string) =>
      marker === undefined || isTrue(marker, { ...facts.environment, extra });
    if (!extras.some(holds)) continue;
    const known = wanted.get(name);
    const entry: Wanted = known ?? { extras: new Set([""]), demands: [] };
    wanted.set(name, entry);
    if (specifier !== "" || known === undefined) entry.demands.push({ specifier, by });
    const before = entry.extras.size;
    for (const extra of requirement.extras) entry.extras.add(extra);
    const candidate = chosen.get(name);
    const isNew = known === undefined || entry.extras.size > before;
    if (!withDependencies || !isNew || candidate === undefined) continue;
    for (const text of await facts.dependencies(candidate)) {
      waiting.push({
        requirement: parseRequirement(text),
        by: `${name} ${candidate.version}`,
        extras: [...entry.extras],
      });
    }
  }
  return wanted;
}

/** Whether what is installed will do. */
function isKept(
  name: string,
  { demands }: Wanted,
  { installed, requirements, isUpgrade }: ResolutionRequest,
): boolean {
  const version = installed.get(name);
  if (version === undefined || valid(version) === null) return false;
  if (isUpgrade && requirements.some((each) => each.name === name)) return false;
  return maxSatisfying([version], joined(demands), { prereleases: true }) !== null;
}

function choose(
  name: string,
  { demands }: Wanted,
  candidates: readonly Candidate[],
  takesPrereleases: boolean,
): Candidate {
  const specifier = joined(demands);
  const isExact = /^===?[^*]+$/.test(specifier);
  const offered = candidates.filter(({ isYanked }) => !isYanked || isExact);
  const versions = offered.map(({ version }) => version);
  const namesPrerelease = specifier
    .split(",")
    .some((each) => explain(each.replace(/^[\s~=!<>]+/, ""))?.is_prerelease);
  const options = takesPrereleases || namesPrerelease ? { prereleases: true } : {};
  const version = maxSatisfying(versions, specifier, options);
  const [best] = offered
    .filter((candidate) => candidate.version === version)
    .sort((a, b) => a.rank - b.rank);
  if (best !== undefined) return best;
  const reasons = demands
    .filter((demand) => demand.specifier !== "")
    .map(({ specifier: each, by }) => `${each}${by === "" ? "" : ` (needed by ${by})`}`);
  throw new RequirementError(
    `no version of ${name} that works here is ${reasons.join(" and ")}; there are ` +
      `${[...new Set(versions)].slice(-10).join(", ")}`,
  );
}

function joined(demands: Wanted["demands"]): string {
  return demands
    .map(({ specifier }) => specifier)
    .filter((specifier) => specifier !== "")
    .join(",");
}
