import {
  type Action,
  CodeActError,
  type DurableEvent,
  type Limits,
  type Model,
} from "@codeact/core";
import type { FormatName } from "../suite/format.js";
import type { EvalTask, Sampling, Suite } from "../suite/task.js";
import type { AttemptRecord, FaultRecord } from "./attempt-record.js";
import type { PlannedAttempt } from "./plan.js";
import type { EvaluationOptions, ModelChooser } from "./options.js";

/**
 * Makes one attempt. A fault is a record too, with the error beside it.
 * @throws the signal's reason when aborted
 */
export async function makeAttempt(
  { task, key }: PlannedAttempt,
  { suite, model, executor, limits: given, sampling = {} }: EvaluationOptions,
  signal: AbortSignal,
): Promise<{ record: AttemptRecord | FaultRecord; error?: unknown }> {
  const started = performance.now();
  const limits = limitsOf(suite, given);
  try {
    const outcome = await task.attempt({
      model: modelFor(model, task, key.format),
      executor,
      format: key.format,
      limits,
      sampling: samplingOfRepeat(sampling, key.repeat),
      signal,
    });
    const durationMs = performance.now() - started;
    const counts = countEvents(outcome.trajectory.events);
    return { record: { type: "attempt", ...key, ...outcome, ...counts, durationMs } };
  } catch (error) {
    signal.throwIfAborted();
    const durationMs = performance.now() - started;
    return { record: { type: "fault", ...key, error: describe(error), durationMs }, error };
  }
}

/** The bounds of an evaluation's attempts. */
export function limitsOf(suite: Suite, given: Partial<Limits> | undefined): Partial<Limits> {
  return { steps: 20, ...suite.limits, ...given };
}

function modelFor(model: Model | ModelChooser, task: EvalTask, format: FormatName): Model {
  return "modelFor" in model ? model.modelFor(task, format) : model;
}

/** Repeats of a task differ in their seed: otherwise a deterministic model repeats itself. */
function samplingOfRepeat(sampling: Sampling, repeat: number): Sampling {
  return sampling.seed === undefined ? sampling : { ...sampling, seed: sampling.seed + repeat - 1 };
}

function countEvents(events: readonly DurableEvent[]): {
  actions: number;
  failedActions: number;
  toolCalls: number;
} {
  const actions = new Set(
    events.flatMap((event) =>
      event.type === "action" && !isAnswer(event.action)
        ? [`${event.runId} ${event.actionId}`]
        : [],
    ),
  );
  const acted = events
    .filter((event) => event.type === "observation")
    .filter(({ runId, actionId }) => actions.has(`${runId} ${actionId}`));
  return {
    actions: acted.length,
    failedActions: acted.filter(({ status }) => status !== "ok").length,
    toolCalls: events.filter(({ type }) => type === "tool-call").length,
  };
}

/** The JSON format writes an answer like a call. */
function isAnswer(action: Action): boolean {
  return action.type === "call" && action.name === "final_answer";
}

function describe(error: unknown): FaultRecord["error"] {
  if (CodeActError.isInstance(error)) return { message: error.message, code: error.code };
  return { message: error instanceof Error ? error.message : String(error) };
}
