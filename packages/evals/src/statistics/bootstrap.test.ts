import { describe, expect, it } from "vitest";
import { bootstrapBounded, bootstrapMean } from "./bootstrap.js";
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
    const { low = 0, high = 0 } = bootstrapMean(values)?.interval ?? {};
    // The standard error of the mean of 400 uniform values is 0.2887 / 20.
    expect(high - low).toBeCloseTo((2 * 1.96 * 0.2887) / 20, 2);
  });

  it("knows no interval where nothing varied", () => {
    expect(bootstrapMean([10])).toEqual({ mean: 10, count: 1 });
    expect(bootstrapMean([10, 10, 10])).toEqual({ mean: 10, count: 3 });
  });
});

describe("bootstrapBounded", () => {
  const bounds = { low: -1, high: 1 };

  it("is the bootstrap where values vary", () => {
    const values = [0, 1, -1, 1, 0];
    expect(bootstrapBounded(values, bounds)).toEqual(bootstrapMean(values));
  });

  it("does not claim certainty because nothing varied", () => {
    // In 20 equal values, others can be 16.84 % of all: 0.8316^20 = 0.025.
    const equal = Array.from({ length: 20 }, () => 0);
    const { low = 0, high = 0 } = bootstrapBounded(equal, bounds)?.interval ?? {};
    expect(low).toBeCloseTo(-0.1684, 4);
    expect(high).toBeCloseTo(0.1684, 4);
    const ones = bootstrapBounded(
      equal.map(() => 1),
      bounds,
    );
    expect(ones?.interval.low).toBeCloseTo(1 - 2 * 0.1684, 3);
    expect(ones?.interval.high).toBe(1);
  });
});
