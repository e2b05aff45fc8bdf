import type { AttemptResult } from "../run/attempt-record.js";
import { bootstrapBounded, bootstrapMean, type Estimate } from "../statistics/bootstrap.js";
import { holm, pairedTest } from "../statistics/permutation-test.js";
import type { FormatName } from "../suite/format.js";

/** Two formats on the same tasks. */
export interface Comparison {
  left: FormatName;
  right: FormatName;
  /** Tasks that were tried in both, as often in one as in the other. */
  tasks: number;
  success: Difference;
  turns: Difference;
}

/** The left format's figure minus the right one's. */
export interface Difference {
  difference: Estimate;
  /** Exact paired sign-flip test, two-sided. */
  p: number;
  /** The same, corrected (Holm) for the number of comparisons of this figure. */
  correctedP: number;
}

/** Compares each pair of formats that share tasks. */
export function compareFormats(
  byFormat: ReadonlyMap<FormatName, readonly AttemptResult[]>,
): Comparison[] {
  const formats = [...byFormat.keys()];
  const pairs = formats.flatMap((left, index) =>
    formats.slice(index + 1).flatMap((right) => {
      const shared = sharedAttempts(byFormat.get(left) ?? [], byFormat.get(right) ?? []);
      const byTask = [...shared.values()];
      return byTask.length === 0 ? [] : [{ left, right, byTask }];
    }),
  );
  const success = pairs.map(({ byTask }) =>
    compare(
      byTask,
      (one, other) => Number(one.success) - Number(other.success),
      (differences) => bootstrapBounded(differences, { low: -1, high: 1 }),
    ),
  );
  const turns = pairs.map(({ byTask }) =>
    compare(byTask, (one, other) => one.turns - other.turns, bootstrapMean),
  );
  const corrected = {
    success: holm(success.map(({ p }) => p)),
    turns: holm(turns.map(({ p }) => p)),
  };
  return pairs.map(({ left, right, byTask }, index) => ({
    left,
    right,
    tasks: byTask.length,
    success: { ...at(success, index), correctedP: at(corrected.success, index) },
    turns: { ...at(turns, index), correctedP: at(corrected.turns, index) },
  }));
}

type Pair = readonly [AttemptResult, AttemptResult];

/** The attempts that both made, by task. */
function sharedAttempts(
  left: readonly AttemptResult[],
  right: readonly AttemptResult[],
): Map<string, Pair[]> {
  const key = ({ task, repeat }: AttemptResult): string => `${task} ${repeat}`;
  const others = new Map(right.map((result) => [key(result), result]));
  const shared = new Map<string, Pair[]>();
  for (const result of left) {
    const other = others.get(key(result));
    if (other === undefined) continue;
    shared.set(result.task, [...(shared.get(result.task) ?? []), [result, other]]);
  }
  return shared;
}

function compare(
  byTask: readonly (readonly Pair[])[],
  difference: (left: AttemptResult, right: AttemptResult) => number,
  estimate: (differences: readonly number[]) => Estimate | undefined,
): { difference: Estimate; p: number } {
  const tasks = byTask.map((pairs) => ({
    repeats: pairs.length,
    total: pairs.reduce((sum, [left, right]) => sum + difference(left, right), 0),
  }));
  const means = estimate(tasks.map(({ total, repeats }) => total / repeats));
  if (means === undefined) throw new RangeError("There is nothing to compare.");
  // The same means as whole numbers, so that both figures give each task the same weight.
  const denominator = tasks.reduce((common, { repeats }) => leastMultiple(common, repeats), 1);
  const whole = tasks.map(({ total, repeats }) => total * (denominator / repeats));
  return { difference: means, p: pairedTest(whole) };
}

function leastMultiple(left: number, right: number): number {
  let divisor = left;
  for (let rest = right; rest > 0; [divisor, rest] = [rest, divisor % rest]);
  return (left / divisor) * right;
}

function at<T>(items: readonly T[], index: number): T {
  return items[index] as T;
}
