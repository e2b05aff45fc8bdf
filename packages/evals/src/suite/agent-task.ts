import { Agent, type AnyTool, type JsonValue, type Model } from "@codeact/core";
import type { z } from "zod";
import { actionFormatOf, type FormatName } from "./format.js";
import { isSameAnswer } from "./judge.js";
import { type Oracle, oracleModel } from "./oracle.js";
import type { AttemptOutcome, AttemptSetting, EvalTask, Sampling } from "./task.js";

/** What {@link agentTask} takes. */
export interface AgentTaskOptions<TAnswer extends JsonValue> {
  /** @see EvalTask.id */
  id: string;
  family: string;
  prompt: string;
  /** The type of the answer; the model is told, and has to keep to it. */
  answerSchema: z.ZodType<TAnswer>;
  expected: TAnswer;
  /** Makes the tools of one attempt, with a state of their own. */
  begin: () => TaskWorld;
  /** A known solution. */
  oracle?: Oracle;
}

/** What one attempt acts on. */
export interface TaskWorld {
  tools: readonly AnyTool[];
  /** Whether the tools were used as the task wanted. @defaultValue only the answer counts */
  isAsWanted?: () => boolean;
}

/**
 * Makes a task of a question, tools and the right answer: an agent with these tools tries it, in
 * whichever format is measured.
 *
 * @example
 * ```ts
 * const task = agentTask({
 *   id: "weather/warmest",
 *   family: "weather",
 *   prompt: "Which of Oslo and Rome is warmer? Answer with its name.",
 *   answerSchema: z.string(),
 *   expected: "Rome",
 *   begin: () => ({ tools: [weather] }),
 * });
 * ```
 */
export function agentTask<TAnswer extends JsonValue>(options: AgentTaskOptions<TAnswer>): EvalTask {
  const { id, family, prompt, expected, oracle } = options;
  return {
    id,
    family,
    content: { prompt, expected },
    attempt: (setting) => attempt(options, setting),
    ...(oracle && { oracle: (format: FormatName): Model => oracleModel(oracle, format) }),
  };
}

async function attempt<TAnswer extends JsonValue>(
  { prompt, answerSchema, expected, begin }: AgentTaskOptions<TAnswer>,
  { model, executor, format, limits, sampling, signal }: AttemptSetting,
): Promise<AttemptOutcome> {
  const world = begin();
  const agent = new Agent({
    model,
    executor,
    tools: world.tools,
    actionFormat: actionFormatOf(format),
    outputSchema: answerSchema,
    limits,
    prepareStep: () => samplingOf(sampling),
  });
  const result = await agent.run(prompt, { signal });
  const { status, steps, usage, trajectory } = result;
  const ending = { status, turns: steps, usage, trajectory, expected };
  if (result.status !== "answered") return { success: false, ...ending };
  const success =
    isSameAnswer(result.output, expected) && (world.isAsWanted === undefined || world.isAsWanted());
  return { success, answer: result.output, ...ending };
}

/** Only what was given: an absent member leaves the model its own. */
export function samplingOf({ temperature, maxOutputTokens, seed }: Sampling): Sampling {
  return {
    ...(temperature !== undefined && { temperature }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(seed !== undefined && { seed }),
  };
}
