import { badReturn, callCallback } from "./callback.js";
import { checkModel } from "./definition.js";
import type { Answer } from "./final-answer.js";
import { problemOfMessages } from "./message-check.js";
import type { StepContext, StepSettings } from "./options.js";
import { requestMessages } from "./request-messages.js";
import type { RunState } from "./run-state.js";

/** What `prepareStep` sets for the next request. */
export async function prepareStep<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
): Promise<StepSettings> {
  const { options, format, limits, model: agentModel } = run.definition;
  const { signal } = run.scope;
  if (!options.prepareStep) return {};
  const stepContext = describe(run, run.step + 1);
  const settings = await callCallback("prepareStep", signal, () =>
    options.prepareStep?.(stepContext),
  );
  if (settings === undefined) return {};
  if (typeof settings !== "object" || settings === null) {
    throw badReturn("prepareStep", "an object of settings, or undefined");
  }
  const { model, messages } = settings;
  if (model !== undefined) {
    if (typeof model?.generate !== "function") {
      throw badReturn("prepareStep", "a `model` with a generate function, or none");
    }
    checkModel(model, format, limits);
  }
  const problem = messages === undefined ? undefined : problemOfMessages(messages);
  if (problem !== undefined) {
    throw badReturn("prepareStep", `\`messages\` that a model can be sent: ${problem}`);
  }
  return messages === undefined
    ? settings
    : { ...settings, messages: requestMessages(messages, (model ?? agentModel).capabilities) };
}

/** Whether `stopWhen` ends the run. */
export async function wantsToStop<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
): Promise<boolean> {
  const { options } = run.definition;
  if (!options.stopWhen) return false;
  const stepContext = describe(run, run.step);
  const stops: unknown =
    (await callCallback("stopWhen", run.scope.signal, () => options.stopWhen?.(stepContext))) ??
    false;
  if (typeof stops !== "boolean") throw badReturn("stopWhen", "true or false");
  return stops;
}

/** What `checkAnswer` says against the answer; nothing when it accepts. */
export async function feedbackOn<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  { output }: Answer<TOutput>,
): Promise<string | undefined> {
  const { options } = run.definition;
  const { runId, signal } = run.scope;
  if (!options.checkAnswer) return undefined;
  const answerContext = { runId, context: run.context, signal, rejected: run.rejectedAnswers };
  const feedback: unknown = await callCallback("checkAnswer", signal, () =>
    options.checkAnswer?.(output, answerContext),
  );
  if (feedback === undefined) return undefined;
  if (typeof feedback === "string" && feedback.trim() !== "") return feedback;
  throw badReturn("checkAnswer", "feedback in words to reject, or undefined to accept");
}

function describe<TOutput, TContext>(
  { scope, conversation, context }: RunState<TOutput, TContext>,
  step: number,
): StepContext<TContext> {
  return {
    runId: scope.runId,
    step,
    messages: conversation.messages,
    events: scope.trajectory.events,
    usage: scope.usage,
    context,
    signal: scope.signal,
  };
}
