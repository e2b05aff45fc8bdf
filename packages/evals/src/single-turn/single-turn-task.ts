import { Agent, type JsonValue } from "@codeact/core";
import { samplingOf } from "../suite/agent-task.js";
import { answeringModel } from "../suite/answering-model.js";
import { oneMessageFormat } from "../suite/one-message-format.js";
import type { AttemptOutcome, AttemptSetting, EvalTask } from "../suite/task.js";

/** A question that is answered in one message, without actions. */
export interface SingleTurnTask {
  /** @see EvalTask.id */
  id: string;
  family: string;
  question: string;
  /** How the answer is to be written. */
  instructions: string;
  expected: JsonValue;
  /** A program that judges, where it is not the expected value that does. */
  tests?: string;
  /** Whether a message is a right answer. */
  isRight: (message: string, setting: AttemptSetting) => boolean | Promise<boolean>;
  /** A message that is a right answer. */
  solution: string;
}

/** Makes a task of a question. */
export function singleTurnTask(task: SingleTurnTask): EvalTask {
  return {
    id: task.id,
    family: task.family,
    content: contentOf(task),
    attempt: (setting) => attempt(task, setting),
    oracle: () => answeringModel(task.solution),
  };
}

function contentOf({ question, instructions, expected, tests }: SingleTurnTask): JsonValue {
  return { question, instructions, expected, tests: tests ?? null };
}

async function attempt(task: SingleTurnTask, setting: AttemptSetting): Promise<AttemptOutcome> {
  const { model, limits, sampling, signal } = setting;
  const agent = new Agent({
    model,
    actionFormat: oneMessageFormat(task.instructions),
    limits,
    prepareStep: () => samplingOf(sampling),
  });
  const result = await agent.run(task.question, { signal });
  const { status, steps, usage, trajectory } = result;
  const ending = { status, turns: steps, usage, trajectory, expected: task.expected };
  if (result.status !== "answered") return { success: false, ...ending };
  return { success: await task.isRight(result.output, setting), answer: result.output, ...ending };
}
