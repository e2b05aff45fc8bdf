import { type BoundedEstimate, bootstrapBounded } from "./bootstrap.js";

const normalQuantile = 1.959964;

/**
 * The rate of successes with its interval of 95 %, of one value from 0 to 1 for each task.
 *
 * Where each is 0 or 1 the interval is Wilson's score interval (E. B. Wilson, 1927): resampling says
 * too little about rates near 0 and 1. Others, as means of repeats, are resampled.
 * `undefined` without values.
 *
 * @example
 * ```ts
 * const rate = successRate([1, 1, 0, 1]);
 * console.log(rate?.mean, rate?.interval.low, rate?.interval.high); // 0.75 0.30 0.95
 * ```
 */
export function successRate(values: readonly number[]): BoundedEstimate | undefined {
  if (values.some((value) => value !== 0 && value !== 1)) {
    return bootstrapBounded(values, { low: 0, high: 1 });
  }
  const count = values.length;
  if (count === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const square = normalQuantile ** 2 / count;
  const middle = (mean + square / 2) / (1 + square);
  const reach = Math.sqrt(square * (mean * (1 - mean) + square / 4)) / (1 + square);
  const interval = { low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) };
  return { mean, interval, count };
}
