import { parseCsv } from "./csv.js";
import { distanceFromStation } from "./distance-from-station.js";
import type { Answer } from "./task.js";

/** The right answer, computed from the same file without the agent. */
export function computeAnswer(csv: string): Answer {
  const masses = new Map<string, number[]>();
  for (const row of parseCsv(csv)) {
    const [island = "", mass] = [row["Island"], Number(row["Body Mass (g)"])];
    if (Number.isFinite(mass)) masses.set(island, [...(masses.get(island) ?? []), mass]);
  }
  return [...masses]
    .sort(([left], [right]) => left.localeCompare(right))
    .map(([island, ofIsland]) => ({
      island,
      meanMassGrams: mean(ofIsland),
      distanceKm: distanceFromStation(island),
    }));
}

/** What is wrong with an answer, a line each; empty when it is right. */
export function findMistakes(answer: Answer, expected: Answer): string[] {
  const mistakes: string[] = [];
  const compare = (what: string, given: unknown, right: unknown, isRight = given === right) => {
    if (!isRight) mistakes.push(`${what} is ${String(given)}, and should be ${String(right)}`);
  };
  compare("the number of islands", answer.length, expected.length);
  for (const { island, meanMassGrams, distanceKm } of expected) {
    const given = answer.find((entry) => entry.island === island);
    const isNear = Math.abs((given?.meanMassGrams ?? 0) - meanMassGrams) < 0.06;
    compare(`the mean mass on ${island}`, given?.meanMassGrams, meanMassGrams, isNear);
    compare(`the distance of ${island}`, given?.distanceKm, distanceKm);
  }
  return mistakes;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
