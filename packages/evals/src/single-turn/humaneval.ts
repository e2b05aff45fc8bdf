import { z } from "zod";
import { runProgram } from "../suite/run-program.js";
import type { SingleTurnTask } from "./single-turn-task.js";

/** A line of openai/human-eval. */
export const humanEvalRow = z.object({
  task_id: z.string(),
  prompt: z.string(),
  entry_point: z.string(),
  canonical_solution: z.string(),
  test: z.string(),
});

const instructions =
  "Complete the function. Answer with the whole program, imports included, in one Python code block.";

/** A function to write; right when its tests pass. */
export function humanEvalTask(row: z.infer<typeof humanEvalRow>): SingleTurnTask {
  const { task_id: id, canonical_solution: canonical, test, entry_point: name } = row;
  // Some copies lack the last line's end, after which solutions go on.
  const prompt = row.prompt.endsWith("\n") ? row.prompt : `${row.prompt}\n`;
  return {
    id,
    family: "humaneval",
    question: `\`\`\`python\n${prompt.trimEnd()}\n\`\`\``,
    instructions,
    expected: canonical,
    tests: test,
    isRight: (message, { executor, signal }) => {
      const program = programIn(message, prompt, name);
      return runProgram(executor, `${program}\n\n${test}\n\ncheck(${name})\n`, signal);
    },
    solution: `\`\`\`python\n${prompt}${canonical}\n\`\`\``,
  };
}

/**
 * The program in a message: the last code block that defines the function, or the whole message. What
 * does not define it goes on where the prompt ends.
 */
export function programIn(message: string, prompt: string, functionName: string): string {
  const definition = new RegExp(`^\\s*(?:async\\s+)?def\\s+${functionName}\\b`, "m");
  const blocks = [...message.matchAll(/^[ \t]*```[^\n]*\n([^]*?)(?:^[ \t]*```|(?![^]))/gm)].map(
    ([, block = ""]) => block,
  );
  const defining = blocks.filter((block) => definition.test(block));
  const program = defining.at(-1) ?? blocks.at(-1) ?? message;
  // The prompt may hold imports and helpers that the program uses.
  return definition.test(program)
    ? `${beforeFunction(prompt, functionName)}${program}`
    : prompt + program;
}

function beforeFunction(prompt: string, functionName: string): string {
  const place = prompt.search(new RegExp(`^(?:async\\s+)?def\\s+${functionName}\\b`, "m"));
  return place < 0 ? "" : prompt.slice(0, place);
}
