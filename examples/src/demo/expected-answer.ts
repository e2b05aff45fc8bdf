import { parseCsv } from "./csv.js";
import { distanceFromStation } from "./distance-from-station.js";
import type { Answer } from "./task.js";

/** The right answer, computed from the same file without the agent. */
export function computeAnswer(csv: string): Answer {
  const weighed = parseCsv(csv)
    .map((row) => ({
      island: row["Island"] ?? "",
      species: row["Species"]?.split(" ")[0] ?? "",
      massGrams: Number(row["Body Mass (g)"]),
    }))
    .filter(({ massGrams }) => Number.isFinite(massGrams));
  const bySpecies = groupMasses(weighed.map(({ species, massGrams }) => [species, massGrams]));
  const byIsland = groupMasses(weighed.map(({ island, massGrams }) => [island, massGrams]));
  const [heaviest] = [...bySpecies].sort(([, left], [, right]) => mean(right) - mean(left));
  return {
    heaviestSpecies: heaviest?.[0] as Answer["heaviestSpecies"],
    islands: [...byIsland]
      .sort(([left], [right]) => left.localeCompare(right))
      .map(([island, masses]) => ({
        island,
        weighed: masses.length,
        meanMassGrams: mean(masses),
        distanceKm: distanceFromStation(island),
      })),
  };
}

/** What is wrong with an answer, a line each; empty when it is right. */
export function findMistakes(answer: Answer, expected: Answer): string[] {
  const mistakes: string[] = [];
  const compare = (what: string, given: unknown, right: unknown, isRight = given === right) => {
    if (!isRight) mistakes.push(`${what} is ${String(given)}, and should be ${String(right)}`);
  };
  compare("the heaviest species", answer.heaviestSpecies, expected.heaviestSpecies);
  compare("the number of islands", answer.islands.length, expected.islands.length);
  for (const right of expected.islands) {
    const given = answer.islands.find(({ island }) => island === right.island);
    const { island, meanMassGrams, distanceKm } = right;
    compare(`penguins weighed on ${island}`, given?.weighed, right.weighed);
    const isNear = Math.abs((given?.meanMassGrams ?? 0) - meanMassGrams) < 0.06;
    compare(`the mean mass on ${island}`, given?.meanMassGrams, meanMassGrams, isNear);
    compare(`the distance of ${island}`, given?.distanceKm, distanceKm);
  }
  return mistakes;
}

function groupMasses(pairs: readonly (readonly [string, number])[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [name, mass] of pairs) groups.set(name, [...(groups.get(name) ?? []), mass]);
  return groups;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
