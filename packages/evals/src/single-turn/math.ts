import { z } from "zod";
import { isSameFormula } from "./formula.js";
import type { SingleTurnTask } from "./single-turn-task.js";

/** A line of MATH; the solution holds the answer in a box. */
export const mathRow = z
  .object({
    problem: z.string(),
    solution: z.string(),
    /** The subject. */
    type: z.string().optional(),
    subject: z.string().optional(),
  })
  .refine(({ solution }) => lastBoxed(solution) !== undefined, {
    message: "solution has no \\boxed{…}",
  });

const instructions = String.raw`Solve the problem step by step. End with the answer in a box, such as:
\boxed{42}`;

/** A problem whose answer is a formula. */
export function mathTask(row: z.infer<typeof mathRow>, index: number): SingleTurnTask {
  const { problem, solution } = row;
  const family = row.type ?? row.subject ?? "math";
  const expected = lastBoxed(solution) ?? "";
  return {
    id: `${family}/${index}`,
    family,
    question: problem,
    instructions,
    expected,
    isRight: (message) => {
      const answer = lastBoxed(message);
      return answer !== undefined && isSameFormula(answer, expected);
    },
    solution,
  };
}

/** What stands in the last box, whose braces may hold others. */
export function lastBoxed(text: string): string | undefined {
  const start = /^[^]*\\(?:boxed|fbox)\s*(?=\{)/.exec(text)?.[0].length;
  // Without braces a box holds what follows, up to the end of the formula.
  if (start === undefined) return /\\(?:boxed|fbox)\s+([^$\s]+)/.exec(text)?.[1];
  let depth = 0;
  for (let place = start; place < text.length; place++) {
    if (text[place] === "{") depth += 1;
    if (text[place] === "}") depth -= 1;
    if (depth === 0) return text.slice(start + 1, place);
  }
  return undefined;
}
