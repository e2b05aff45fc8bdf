import { z } from "zod";
import type { SingleTurnTask } from "./single-turn-task.js";

const letters = "ABCDEFGHIJ";

/** A line of MMLU; the answer is an index or a letter. */
export const mmluRow = z
  .object({
    question: z.string(),
    choices: z.array(z.string()).min(2).max(letters.length),
    answer: z.union([z.int(), z.string()]),
    subject: z.string().optional(),
  })
  .refine((row) => letters.slice(0, row.choices.length).includes(letterOf(row.answer)), {
    message: "answer is no index and no letter of a choice",
  });

const instructions = `Choose the right answer. End with a line that holds nothing but "Answer:" and its letter, such as:
Answer: B`;

/** A question with choices. */
export function mmluTask(
  { question, choices, answer, subject = "mmlu" }: z.infer<typeof mmluRow>,
  index: number,
): SingleTurnTask {
  const expected = letterOf(answer);
  const listed = choices.map((choice, place) => `${letters[place]}. ${choice}`);
  return {
    id: `${subject}/${index}`,
    family: subject,
    question: [question, "", ...listed].join("\n"),
    instructions,
    expected,
    isRight: (message) => chosenLetter(message, choices.length) === expected,
    solution: `Answer: ${expected}`,
  };
}

function letterOf(answer: number | string): string {
  return typeof answer === "number" ? (letters[answer] ?? "?") : answer.trim().toUpperCase();
}

/** The letter after the last `Answer:` or in the last box, or the one that is the whole message or its last line. */
export function chosenLetter(message: string, choices: number): string | undefined {
  const range = `A-${letters[choices - 1]}`;
  const marked = message.matchAll(
    new RegExp(
      String.raw`(?:(?:[Aa]nswer|ANSWER)(?:\s+is)?|\\boxed)(?:[:\s*$\{]|\\boxed|\\text)*\(?([${range}])\b`,
      "g",
    ),
  );
  const last = [...marked].at(-1)?.[1];
  const alone = new RegExp(`^\\W*([${range}])\\W*$`, "i").exec(
    message.trim().split("\n").at(-1) ?? "",
  );
  return (last ?? alone?.[1])?.toUpperCase();
}
