import { createRandom } from "./random.js";

/** A mean with its confidence interval of 95 %. */
export interface Estimate {
  mean: number;
  low: number;
  high: number;
  /** How many values it is of. */
  count: number;
}

const resamples = 5_000;
const seed = 20_240_601;

/**
 * The mean of independent values, with the percentile bootstrap interval of 95 %. The same values
 * give the same interval. `undefined` without values: there is no such mean.
 *
 * Values of one task belong together: average them first, or the interval is too narrow.
 */
export function bootstrapMean(values: readonly number[]): Estimate | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const random = createRandom(seed);
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let drawn = 0; drawn < count; drawn++)
      sum += values[Math.floor(random.next() * count)] ?? 0;
    return sum / count;
  }).sort();
  return { mean, low: quantile(means, 0.025), high: quantile(means, 0.975), count };
}

/**
 * The rate of successes, values of 0 to 1. Where all are 0 or all are 1, resampling shows no
 * doubt, although a few values leave much: the bound is then the exact one of Clopper and Pearson.
 */
export function bootstrapRate(values: readonly number[]): Estimate | undefined {
  const estimate = bootstrapMean(values);
  if (estimate === undefined) return undefined;
  const reach = 0.025 ** (1 / estimate.count);
  if (estimate.mean === 1) return { ...estimate, low: reach };
  if (estimate.mean === 0) return { ...estimate, high: 1 - reach };
  return estimate;
}

function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}
