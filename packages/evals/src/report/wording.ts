import type { Estimate } from "../statistics/bootstrap.js";
import type { EvaluationReport } from "./report.js";

/** How the intervals were made. */
export const aboutIntervals =
  "Intervals are of 95 % and over tasks; – is where nothing varied and no bound is known.";

/** What the report is of, in a line. */
export function titleOf({ suite, model }: Pick<EvaluationReport, "suite" | "model">): string {
  return `${model} on ${suite}`;
}

/** A rate from 0 to 1 as `12.5 %`. */
export function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}

/** The interval of an estimate. */
export function intervalOf({ interval }: Estimate, show: (value: number) => string): string {
  return interval === undefined ? "–" : `[${show(interval.low)}, ${show(interval.high)}]`;
}

/** A difference of two rates in percentage points, with its sign. */
export function pointsOf(difference: number): string {
  const points = (difference * 100).toFixed(1);
  return difference > 0 ? `+${points}` : points;
}

/** A mean number of tokens; of models that report none, none are known. */
export function tokensOf(mean: number, isComplete: boolean): string {
  if (isComplete) return String(Math.round(mean));
  return mean === 0 ? "–" : `≥ ${Math.round(mean)}`;
}

/** How many tasks. */
export function taskCount(count: number): string {
  return count === 1 ? "1 task" : `${count} tasks`;
}

/** A p-value. */
export function showP(value: number): string {
  return value < 0.001 ? "< 0.001" : value.toFixed(3);
}

/** A number with two digits behind the point. */
export function rounded(value: number): string {
  return value.toFixed(2);
}
