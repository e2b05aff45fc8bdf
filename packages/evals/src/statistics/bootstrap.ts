import { createRandom } from "./random.js";

/** Where a figure lies with a confidence of 95 %. */
export interface Interval {
  low: number;
  high: number;
}

/** A mean with its confidence interval. */
export interface Estimate {
  mean: number;
  /** Absent where nothing varied, so that resampling shows no doubt, and no bound is known. */
  interval?: Interval;
  /** How many values it is of. */
  count: number;
}

/** An estimate of values that have bounds, which therefore always has an interval. */
export interface BoundedEstimate extends Estimate {
  interval: Interval;
}

const resamples = 5_000;
const seed = 20_240_601;

/**
 * The mean of independent values, with the percentile bootstrap interval of 95 %. The same values
 * give the same interval. `undefined` without values: there is no such mean.
 *
 * Values of one task belong together: average them first, or the interval is too narrow.
 *
 * @example
 * ```ts
 * const turns = bootstrapMean([4, 6, 5, 9]);
 * console.log(turns?.mean, turns?.interval); // 6 and where it lies
 * ```
 */
export function bootstrapMean(values: readonly number[]): Estimate | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (values.every((value) => value === values[0])) return { mean, count };
  const random = createRandom(seed);
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let drawn = 0; drawn < count; drawn++)
      sum += values[Math.floor(random.next() * count)] ?? 0;
    return sum / count;
  }).sort();
  return { mean, interval: { low: quantile(means, 0.025), high: quantile(means, 0.975) }, count };
}

/**
 * The same for values within bounds. Where all are equal, the others that there may be are as
 * many as `count` equal values leave possible: at most 1 - 0.025^(1 / count) of all, which is the
 * exact bound of Clopper and Pearson.
 */
export function bootstrapBounded(
  values: readonly number[],
  { low, high }: Interval,
): BoundedEstimate | undefined {
  const estimate = bootstrapMean(values);
  if (estimate === undefined) return undefined;
  const { mean, count } = estimate;
  const others = 1 - 0.025 ** (1 / count);
  const toward = (bound: number): number => mean + (bound - mean) * others;
  return { ...estimate, interval: estimate.interval ?? { low: toward(low), high: toward(high) } };
}

function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}
