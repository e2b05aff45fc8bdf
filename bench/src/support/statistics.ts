/** The median, the extremes and the count of some measurements. */
export interface Summary {
  median: number;
  minimum: number;
  maximum: number;
  count: number;
}

/** Summarises measurements; there must be at least one. */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return {
    median: sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2,
    minimum: at(0),
    maximum: at(sorted.length - 1),
    count: sorted.length,
  };
}

/** Times something once, in milliseconds. */
export async function time(action: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

/**
 * Times several things in turn, A B A B …, so that a drift of the machine hits all alike; before
 * each, nothing happens for a while.
 */
export async function interleave<TName extends string>(
  rounds: number,
  actions: Record<TName, () => Promise<unknown>>,
  pauseMs = 0,
): Promise<Record<TName, Summary>> {
  const names = Object.keys(actions) as TName[];
  const times = new Map<TName, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      times.get(name)?.push(await time(actions[name]));
    }
  }
  const entries = names.map((name) => [name, summarize(times.get(name) ?? [])]);
  return Object.fromEntries(entries) as Record<TName, Summary>;
}
