import type { ActionObservation, ParsedAction } from "../action-format/contract.js";
import type { Message, ToolCallPart } from "../model/message.js";
import { performAction } from "./perform-action.js";
import type { RunState } from "./run-state.js";

/**
 * Performs the actions of one message in order, until one gives the final answer. Whatever
 * happens, the conversation gets an observation for each: a call that is never answered would
 * make it illegal.
 */
export async function performActions<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  parsed: ParsedAction,
  toolCalls: readonly ToolCallPart[],
  add: (messages: readonly Message[]) => void,
): Promise<void> {
  const { scope, step, definition } = run;
  const observations: ActionObservation[] = [];
  try {
    for (const action of parsed.actions) {
      const thought = observations.length === 0 ? parsed.thought : "";
      await performAction(run, action, thought, (text, images) => {
        observations.push({ action, text, images });
      });
      if (run.answer) break;
      scope.signal.throwIfAborted();
    }
  } finally {
    for (const action of parsed.actions.slice(observations.length)) {
      observations.push({ action, text: "Not run: the run ended before.", images: [] });
    }
    const isRepetition = isSame(observations, run.lastObservations);
    run.lastObservations = observations;
    const stepsLeft = definition.limits.steps - step;
    add(definition.format.renderObservations(observations, { stepsLeft, isRepetition, toolCalls }));
  }
}

/** Whether two steps did the same and the same came of it; only the numbers of cells may differ. */
function isSame(
  observations: readonly ActionObservation[],
  earlier: readonly ActionObservation[],
): boolean {
  return (
    observations.length === earlier.length &&
    observations.every((each, index) => {
      const other = earlier[index];
      return (
        other !== undefined &&
        whatWasDone(each) === whatWasDone(other) &&
        textOf(each) === textOf(other) &&
        JSON.stringify(each.images) === JSON.stringify(other.images)
      );
    })
  );
}

function whatWasDone({ action }: ActionObservation): string {
  return action.type === "code" ? action.code : JSON.stringify([action.name, action.arguments]);
}

function textOf({ text }: ActionObservation): string {
  return text.replaceAll(/\bCell \d+/g, "Cell");
}
