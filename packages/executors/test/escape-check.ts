import { expect } from "vitest";
import type { Outcomes } from "./escape-attempt.js";
import type { Attempt } from "./escape-world.js";

/** Nothing got out of the sandbox, and without it the attempt works. */
export function checkOutcomes(attempt: Attempt, { inside, outside }: Outcomes): void {
  expect(inside.broken).toBeUndefined();
  expect(inside.escaped, inside.detail).toBe(false);
  if (outside === undefined) return;
  expect(outside.broken).toBeUndefined();
  if (!attempt.optional) expect(outside.escaped, outside.detail).toBe(true);
}
