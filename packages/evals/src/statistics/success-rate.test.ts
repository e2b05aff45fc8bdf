import { describe, expect, it } from "vitest";
import { bootstrapBounded } from "./bootstrap.js";
import { createRandom } from "./random.js";
import { successRate } from "./success-rate.js";

function outcomes(successes: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Number(index < successes));
}

describe("successRate", () => {
  it("is undefined of nothing", () => {
    expect(successRate([])).toBeUndefined();
  });

  it.each([
    [0, 20, 0, 0.1611],
    [20, 20, 0.8389, 1],
    [7, 10, 0.3968, 0.8922],
    [1, 72, 0.0025, 0.0746],
  ])("has Wilson's interval: %i of %i", (successes, count, low, high) => {
    const rate = successRate(outcomes(successes, count));
    expect(rate).toMatchObject({ mean: successes / count, count });
    expect(rate?.interval.low).toBeCloseTo(low, 4);
    expect(rate?.interval.high).toBeCloseTo(high, 4);
    expect(rate?.interval.low).toBeGreaterThanOrEqual(0);
    expect(rate?.interval.high).toBeLessThanOrEqual(1);
  });

  it.each([0.3, 0.9, 0.97])("covers a true rate of %d as often as it says", (truth) => {
    const random = createRandom(11);
    const rounds = 2_000;
    const covered = Array.from({ length: rounds }, () => {
      const drawn = Array.from({ length: 72 }, () => Number(random.next() < truth));
      const { low = 1, high = 0 } = successRate(drawn)?.interval ?? {};
      return low <= truth && truth <= high;
    }).filter(Boolean).length;
    // Two numbers of successes more or less change the coverage by some points.
    expect(covered / rounds).toBeGreaterThan(0.93);
  });

  it("resamples the means of repeats", () => {
    const means = [0.5, 1, 0, 0.75, 0.25, 1];
    expect(successRate(means)).toEqual(bootstrapBounded(means, { low: 0, high: 1 }));
  });
});
