import { describe, expect, it } from "vitest";
import { markerEnvironment } from "./marker.js";
import type { Candidate } from "./package-source.js";
import { parseRequirement } from "./requirement.js";
import { RequirementError } from "./requirement-error.js";
import { type ResolutionRequest, resolveRequirements } from "./resolve.js";

/** What there is: versions with what they need. */
const world: Record<string, Record<string, readonly string[]>> = {
  app: { "1.0": ["lib>=1", "tool; extra == 'tools'"], "2.0a1": ["lib"] },
  lib: { "1.0": [], "1.5": ["Deep.One"], "2.0": [] },
  other: { "1.0": ["lib<2", "app[tools]"] },
  "deep-one": { "0.1": ["app"] },
  tool: { "3.0": [] },
  early: { "1.0b1": [], "1.0b2": [] },
  withdrawn: { "1.0": [], "1.1": [] },
  strict: { "1.0": ["lib==2.0"] },
};
const candidates = new Map(
  Object.entries(world).map(([name, versions]) => [
    name,
    Object.keys(versions).map((version): Candidate => {
      const isYanked = name === "withdrawn" && version === "1.1";
      const fileName = `${name}-${version}`;
      return { version, fileName, place: name, sha256: undefined, isYanked, rank: 1 };
    }),
  ]),
);

async function resolve(
  names: string[],
  request: Partial<ResolutionRequest> = {},
): Promise<string[]> {
  const chosen = await resolveRequirements(
    {
      requirements: names.map(parseRequirement),
      installed: new Map(),
      isUpgrade: false,
      takesPrereleases: false,
      withDependencies: true,
      ...request,
    },
    {
      environment: markerEnvironment({ version: "3.14.2", abi: "2026_0" }),
      candidates: async (name) => {
        const found = candidates.get(name);
        if (found === undefined) throw new RequirementError(`no ${name}`);
        return found;
      },
      dependencies: async ({ place, version }) => world[place]?.[version] ?? [],
    },
  );
  return [...chosen.values()].map(({ fileName }) => fileName).sort();
}

describe("resolveRequirements", () => {
  it.each<[string[], string[]]>([
    [["app"], ["app-1.0", "lib-2.0"]],
    [["app[tools]"], ["app-1.0", "lib-2.0", "tool-3.0"]],
    [["other"], ["app-1.0", "deep-one-0.1", "lib-1.5", "other-1.0", "tool-3.0"]],
    [["app==2.0a1"], ["app-2.0a1", "lib-2.0"]],
    [["early"], ["early-1.0b2"]],
    [["withdrawn"], ["withdrawn-1.0"]],
    [["withdrawn==1.1"], ["withdrawn-1.1"]],
    [["lib", "lib<2", "lib!=1.5"], ["lib-1.0"]],
  ])("finds for %j %j", async (names, expected) => {
    expect(await resolve(names)).toEqual(expected);
  });

  it("leaves what is installed and will do", async () => {
    const installed = new Map([
      ["lib", "1.0"],
      ["odd", "no version"],
    ]);
    expect(await resolve(["app"], { installed })).toEqual(["app-1.0"]);
    expect(await resolve(["lib>1"], { installed })).toEqual(["lib-2.0"]);
    expect(await resolve(["lib"], { installed, isUpgrade: true })).toEqual(["lib-2.0"]);
  });

  it("takes early versions, and no dependencies, where it is told to", async () => {
    expect(await resolve(["app"], { takesPrereleases: true })).toEqual(["app-2.0a1", "lib-2.0"]);
    expect(await resolve(["app"], { withDependencies: false })).toEqual(["app-1.0"]);
  });

  it.each([
    [["lib>2"], "no version of lib that works here is >2; there are 1.0, 1.5, 2.0"],
    [["strict", "lib<2"], "<2 and ==2.0 (needed by strict 1.0)"],
    [["unknown"], "no unknown"],
  ])("says why there is nothing for %j", async (names, message) => {
    await expect(resolve(names)).rejects.toThrow(message);
  });
});
