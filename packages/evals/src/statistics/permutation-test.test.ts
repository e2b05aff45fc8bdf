import { describe, expect, it } from "vitest";
import { holm, pairedTest } from "./permutation-test.js";
import { createRandom } from "./random.js";

/** By trying every combination of signs. */
function byEnumeration(differences: readonly number[]): number {
  const observed = Math.abs(differences.reduce((sum, each) => sum + each, 0));
  const combinations = 2 ** differences.length;
  let extreme = 0;
  for (let signs = 0; signs < combinations; signs++) {
    const sum = differences.reduce(
      (total, each, index) => total + (signs & (1 << index) ? each : -each),
      0,
    );
    if (Math.abs(sum) >= observed) extreme += 1;
  }
  return extreme / combinations;
}

describe("pairedTest", () => {
  it("equals the share of all sign flips", () => {
    const random = createRandom(3);
    for (let round = 0; round < 50; round++) {
      const differences = Array.from({ length: random.integer(1, 10) }, () =>
        random.integer(-4, 6),
      );
      expect(pairedTest(differences)).toBeCloseTo(byEnumeration(differences), 12);
    }
  });

  it("is McNemar's exact test of yes-or-no values", () => {
    // 8 pairs differ in one direction, 1 in the other: 2 (C(9,0) + C(9,1)) / 2^9.
    expect(pairedTest([...Array<number>(8).fill(1), -1, 0, 0])).toBeCloseTo(20 / 512, 12);
  });

  it("finds nothing where nothing differs", () => {
    expect(pairedTest([])).toBe(1);
    expect(pairedTest([0, 0])).toBe(1);
  });

  it("refuses what is no whole number", () => {
    for (const odd of [0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => pairedTest([1, odd])).toThrow(/whole numbers/);
    }
  });

  it("stands a thousand pairs", () => {
    expect(pairedTest(Array<number>(1000).fill(3))).toBeLessThan(1e-200);
  });
});

describe("holm", () => {
  it("corrects the smallest most, and never turns the order round", () => {
    const corrected = holm([0.04, 0.01, 0.03]);
    expect(corrected.map((value) => value.toFixed(2))).toEqual(["0.06", "0.03", "0.06"]);
  });
});
