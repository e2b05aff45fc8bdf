import type { AttemptResult } from "../run/attempt-record.js";
import { bootstrapMean, type Estimate } from "../statistics/bootstrap.js";
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
    compare(byTask, (one, other) => Number(one.success) - Number(other.success)),
  );
  const turns = pairs.map(({ byTask }) => compare(byTask, (one, other) => one.turns - other.turns));
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
): { difference: Estimate; p: number } {
  const totals = byTask.map((pairs) =>
    pairs.reduce((sum, [left, right]) => sum + difference(left, right), 0),
  );
  const means = totals.map((total, index) => total / (byTask[index]?.length ?? 1));
  const estimate = bootstrapMean(means);
  if (estimate === undefined) throw new RangeError("There is nothing to compare.");
  return { difference: estimate, p: pairedTest(totals) };
}

function at<T>(items: readonly T[], index: number): T {
  return items[index] as T;
}
