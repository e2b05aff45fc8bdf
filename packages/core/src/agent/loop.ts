import type { ParsedMessage } from "../action-format/contract.js";
import type { FinishStatus } from "../events/event.js";
import type { Message } from "../model/message.js";
import { type ModelReply, askModel, withoutToolCalls } from "./ask-model.js";
import { requireUsage } from "./definition.js";
import { type Answer, answerByText } from "./final-answer.js";
import { assistantMessage } from "./history-message.js";
import type { StepSettings } from "./options.js";
import { performActions } from "./perform-actions.js";
import { requestMessages } from "./request-messages.js";
import type { RunState } from "./run-state.js";
import { feedbackOn, prepareStep, wantsToStop } from "./steering.js";

/** How a loop ends by itself; `aborted` and `time-limit` come from outside. */
export type LoopStatus = Exclude<FinishStatus, "aborted" | "time-limit" | "context-limit">;

/** What a step leads to: the end of the run, or another step. */
type StepOutcome = LoopStatus | "continue";

/** Asks the model and does what it says, until there is an answer or a reason to stop. */
export async function runLoop<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
): Promise<LoopStatus> {
  const { scope, definition } = run;
  while (run.step < definition.limits.steps) {
    scope.signal.throwIfAborted();
    if (scope.tokensSpent) return "token-limit";
    const outcome = await takeStep(run);
    scope.signal.throwIfAborted();
    if (outcome !== "continue") return outcome;
    if (await wantsToStop(run)) return "stopped";
  }
  return "step-limit";
}

async function takeStep<TOutput, TContext>(run: RunState<TOutput, TContext>): Promise<StepOutcome> {
  const { scope, conversation } = run;
  const settings = await prepareStep(run);
  run.step += 1;
  scope.emit({
    type: "step-start",
    step: run.step,
    ...(settings.model && { model: settings.model.id }),
    ...(settings.messages && { messages: [...settings.messages] }),
  });
  const added: Message[] = [];
  const add = (messages: readonly Message[]): void => {
    added.push(...messages);
    conversation.add(...messages);
  };
  try {
    const { reply, parsed } = await ask(run, settings);
    return await act(run, reply, parsed, add);
  } catch (error) {
    scope.abort("fault", error);
    throw error;
  } finally {
    scope.emit({ type: "step-finish", step: run.step, messages: added, usage: scope.usage });
  }
}

async function ask<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  settings: StepSettings,
): Promise<{ reply: ModelReply; parsed: ParsedMessage }> {
  const { definition, scope, conversation, tools, step } = run;
  const { format, retry } = definition;
  const { messages, model = definition.model, ...sampling } = settings;
  // The limit of a run above this one is not known when the agent is made.
  if (scope.limitsTokens) requireUsage(model);
  const reader = format.reader({ tools, messages: conversation.messages });
  const received = await askModel({
    scope,
    step,
    model,
    retry,
    reader,
    request: {
      ...sampling,
      messages: messages ?? requestMessages(conversation.messages, model.capabilities),
      stop: format.stop,
      ...(format.tools && { tools: format.tools }),
    },
  });
  const reply = format.tools ? received : withoutToolCalls(received);
  const { finishReason, toolCalls, usage } = reply;
  const parsed = reader.end({ finishReason, toolCalls });
  const message = assistantMessage(reply, parsed);
  if (message.content.length > 0) conversation.add(message);
  scope.emit({ type: "message", step, message, finishReason, ...(usage && { usage }) });
  return { reply, parsed };
}

async function act<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  reply: ModelReply,
  parsed: ParsedMessage,
  add: (messages: readonly Message[]) => void,
): Promise<StepOutcome> {
  switch (parsed.type) {
    case "action":
      run.invalidMessages = 0;
      await performActions(run, parsed, reply.toolCalls, add);
      return run.answer ? judge(run, run.answer, add) : "continue";
    case "answer": {
      const checked = await answerByText(run.definition.answer, parsed.answer, run.scope.signal);
      if (!checked.ok) return correct(run, checked.issues, reply, add);
      run.invalidMessages = 0;
      run.answer = checked.answer;
      return judge(run, checked.answer, add);
    }
    case "invalid":
      if (parsed.reason === "content-filter") return "refused";
      return correct(run, parsed.hint, reply, add);
  }
}

/** Tells the model what was wrong with its message. */
function correct<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  hint: string,
  { toolCalls }: ModelReply,
  add: (messages: readonly Message[]) => void,
): StepOutcome {
  run.invalidMessages += 1;
  giveFeedback(run, "invalid", hint, toolCalls, add);
  return run.invalidMessages >= run.definition.limits.invalidMessages
    ? "invalid-limit"
    : "continue";
}

/** Lets `checkAnswer` judge the answer. */
async function judge<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  answer: Answer<TOutput>,
  add: (messages: readonly Message[]) => void,
): Promise<StepOutcome> {
  const feedback = await feedbackOn(run, answer);
  if (feedback === undefined) return "answered";
  run.answer = undefined;
  run.rejectedAnswers += 1;
  giveFeedback(run, "rejected", feedback, [], add);
  return "continue";
}

function giveFeedback<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  status: "invalid" | "rejected",
  text: string,
  toolCalls: ModelReply["toolCalls"],
  add: (messages: readonly Message[]) => void,
): void {
  const { scope, step, definition } = run;
  const stepsLeft = definition.limits.steps - step;
  add(definition.format.renderFeedback(text, { stepsLeft, toolCalls }));
  scope.emit({ type: "observation", step, status, text, images: [], outputs: [], durationMs: 0 });
}
