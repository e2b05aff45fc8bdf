import { describe, expect, it } from "vitest";
import { bootstrapMean, bootstrapRate } from "./bootstrap.js";
import { createRandom } from "./random.js";

describe("bootstrapMean", () => {
  it("is undefined of nothing", () => {
    expect(bootstrapMean([])).toBeUndefined();
  });

  it("gives the same interval for the same values", () => {
    const values = [1, 4, 2, 8, 5, 7];
    expect(bootstrapMean(values)).toEqual(bootstrapMean(values));
    expect(bootstrapMean(values)).toMatchObject({ mean: 4.5, count: 6 });
  });

  it("comes near the interval of the normal distribution where that holds", () => {
    const random = createRandom(7);
    const values = Array.from({ length: 400 }, () => random.next());
    const estimate = bootstrapMean(values);
    // The standard error of the mean of 400 uniform values is 0.2887 / 20.
    expect((estimate?.high ?? 0) - (estimate?.low ?? 0)).toBeCloseTo((2 * 1.96 * 0.2887) / 20, 2);
  });

  it("covers the true mean about as often as it says", () => {
    const random = createRandom(11);
    const covered = Array.from({ length: 100 }, () => {
      const values = Array.from({ length: 60 }, () => Number(random.next() < 0.3));
      const estimate = bootstrapMean(values);
      return estimate !== undefined && estimate.low <= 0.3 && 0.3 <= estimate.high;
    }).filter(Boolean).length;
    expect(covered).toBeGreaterThanOrEqual(88);
  });
});

describe("bootstrapRate", () => {
  it("does not claim certainty because nothing varied", () => {
    // The exact 95 % interval of 20 successes in 20 begins at 0.8316.
    expect(bootstrapRate(Array.from({ length: 20 }, () => 1))?.low).toBeCloseTo(0.8316, 4);
    expect(bootstrapRate(Array.from({ length: 20 }, () => 0))?.high).toBeCloseTo(0.1684, 4);
  });
});
