import { CodeActError } from "@codeact/core";

/**
 * The exact two-sided p-value of a paired sign-flip test: how likely differences are whose sum is at
 * least as far from 0, if in each pair either order were equally likely. Of yes-or-no values this
 * is McNemar's exact test.
 *
 * @param differences whole numbers, one for each pair
 * @throws `CodeActError` with code `invalid-option` if one is no whole number
 *
 * @example
 * ```ts
 * // Two tasks were solved by the first alone, none by the second alone.
 * console.log(pairedTest([1, 1, 0, 0])); // 0.5
 * ```
 */
export function pairedTest(differences: readonly number[]): number {
  const odd = differences.find((difference) => !Number.isSafeInteger(difference));
  if (odd !== undefined) {
    throw new CodeActError(
      "invalid-option",
      `The paired test needs whole numbers, and ${odd} is none. Multiply all by their common denominator.`,
    );
  }
  const sizes = differences.map(Math.abs).filter((size) => size > 0);
  const reach = sizes.reduce((sum, size) => sum + size, 0);
  const observed = Math.abs(differences.reduce((sum, difference) => sum + difference, 0));
  // likelihoods[k]: that the sum of what was flipped so far is k - reach.
  let likelihoods = new Float64Array(2 * reach + 1);
  likelihoods[reach] = 1;
  for (const size of sizes) {
    const next = new Float64Array(likelihoods.length);
    for (let index = 0; index < likelihoods.length; index++) {
      const likelihood = likelihoods[index] ?? 0;
      if (likelihood === 0) continue;
      next[index - size] = (next[index - size] ?? 0) + likelihood / 2;
      next[index + size] = (next[index + size] ?? 0) + likelihood / 2;
    }
    likelihoods = next;
  }
  const tail = likelihoods.reduce(
    (sum, likelihood, index) => (Math.abs(index - reach) >= observed ? sum + likelihood : sum),
    0,
  );
  return Math.min(1, tail);
}

/**
 * P-values corrected for being several (S. Holm, 1979): in the order given.
 *
 * @example
 * ```ts
 * console.log(holm([0.01, 0.04])); // [0.02, 0.04]
 * ```
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index }));
  order.sort((left, right) => left.value - right.value);
  const corrected = [...values];
  let floor = 0;
  for (const [rank, { value, index }] of order.entries()) {
    floor = Math.max(floor, Math.min(1, value * (values.length - rank)));
    corrected[index] = floor;
  }
  return corrected;
}
