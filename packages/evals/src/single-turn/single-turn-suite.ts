import type { Suite } from "../suite/task.js";
import { withTaskHash } from "../suite/task-hash.js";
import { gsm8kRow, gsm8kTask } from "./gsm8k.js";
import { humanEvalRow, humanEvalTask } from "./humaneval.js";
import { readJsonLines } from "./json-lines.js";
import { mathRow, mathTask } from "./math.js";
import { mmluRow, mmluTask } from "./mmlu.js";
import { type SingleTurnTask, singleTurnTask } from "./single-turn-task.js";

const readers = {
  humaneval: async (file: string) => (await readJsonLines(file, humanEvalRow)).map(humanEvalTask),
  gsm8k: async (file: string) => (await readJsonLines(file, gsm8kRow)).map(gsm8kTask),
  math: async (file: string) => (await readJsonLines(file, mathRow)).map(mathTask),
  mmlu: async (file: string) => (await readJsonLines(file, mmluRow)).map(mmluTask),
} satisfies Record<string, (file: string) => Promise<SingleTurnTask[]>>;

/** A benchmark of single messages, by the shape of its lines. */
export type SingleTurnName = keyof typeof readers;

/** All of them. */
export const singleTurnNames = Object.keys(readers) as readonly SingleTurnName[];

/** What {@link singleTurnSuite} takes. */
export interface SingleTurnOptions {
  /**
   * - `humaneval`: `task_id`, `prompt`, `entry_point`, `canonical_solution`, `test`, as openai/human-eval
   * - `gsm8k`: `question`, and an `answer` that ends with `#### number`
   * - `math`: `problem`, a `solution` with `\boxed{…}`, and `type` or `subject`
   * - `mmlu`: `question`, `choices`, an `answer` that is an index or a letter, and `subject`
   */
  name: SingleTurnName;
  /** A file with a task on each line. */
  tasks: string;
}

/**
 * A benchmark whose answer is one message, without actions: programs are run with their tests in the
 * evaluation's executor, other answers are read from the end of the message. The only format is
 * `text`.
 *
 * @throws `CodeActError` with code `invalid-option` when the file cannot be read, or a line has
 * another shape
 *
 * @example
 * ```ts
 * const suite = await singleTurnSuite({ name: "gsm8k", tasks: "gsm8k/test.jsonl" });
 * ```
 */
export async function singleTurnSuite({ name, tasks: file }: SingleTurnOptions): Promise<Suite> {
  const found = await readers[name](file);
  const tasks = found.map(singleTurnTask);
  return withTaskHash({ name, formats: ["text"], limits: { steps: 1 }, tasks });
}
