import { z } from "zod";
import type { SingleTurnTask } from "./single-turn-task.js";

/** A line of openai/grade-school-math. */
export const gsm8kRow = z.object({ question: z.string(), answer: z.string().regex(/####/) });

const instructions = `Solve the problem step by step. End with a line that holds nothing but #### and the number, such as:
#### 42`;

/** A word problem whose answer is a number. */
export function gsm8kTask(
  { question, answer }: z.infer<typeof gsm8kRow>,
  index: number,
): SingleTurnTask {
  const expected = finalNumber(answer);
  return {
    id: `gsm8k/${index}`,
    family: "gsm8k",
    question,
    instructions,
    expected: expected ?? answer,
    isRight: (message) => expected !== undefined && finalNumber(message) === expected,
    solution: answer,
  };
}

/** The number after the last `####`, or else the last number. */
export function finalNumber(message: string): number | undefined {
  const marked = message.split("####");
  const place = marked.length > 1 ? marked.at(-1) : message;
  const numbers = [
    ...(place ?? "").matchAll(
      /(?<![\w)])-?\$?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<!\.)\.\d+)/g,
    ),
  ];
  const found = marked.length > 1 ? numbers[0] : numbers.at(-1);
  return found === undefined ? undefined : Number(found[0].replaceAll(/[$,]/g, ""));
}
