import type { Action, CallAction, CodeAction } from "../action-format/contract.js";
import { abortable, onAbort } from "../async/abort.js";
import type { ToolCallOutcome } from "../executor/tool-call.js";
import type { ObservationEvent } from "../events/event.js";
import type { ImagePart } from "../model/message.js";
import { renderExecution, renderToolOutcome } from "../observation/render.js";
import { callInput } from "../tool/call-input.js";
import { toJsonSafe } from "../tool/wire-value.js";
import { ActionTools } from "./action-tools.js";
import { editAction, requestApproval } from "./approval.js";
import type { RunState } from "./run-state.js";

type Outcome = Pick<
  ObservationEvent,
  "status" | "state" | "text" | "images" | "outputs" | "error" | "durationMs"
>;

/**
 * Performs one action, from its event to that of its observation, and hands what the model is to
 * read to `observe`, also when a fault or an abort ends it.
 */
export async function performAction<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  action: Action,
  thought: string,
  observe: (text: string, images: readonly ImagePart[]) => void,
): Promise<void> {
  const { scope, step } = run;
  const actionId = `action_${++run.counters.actions}`;
  scope.emit({ type: "action", step, actionId, thought, action: jsonSafe(action) });
  const started = performance.now();
  const report = (outcome: Outcome) => {
    observe(outcome.text, outcome.images);
    scope.emit({ type: "observation", step, actionId, ...outcome });
  };
  try {
    report(await approveAndPerform(run, actionId, action));
  } catch (error) {
    // Before the observation is heard: a listener that aborts now must not hide the fault.
    scope.abort("fault", error);
    const durationMs = performance.now() - started;
    report(
      scope.abortCause === "fault"
        ? withoutOutput("failed", "The action failed: its result is unknown.", durationMs)
        : withoutOutput("interrupted", "The action was interrupted.", durationMs),
    );
    throw error;
  }
}

async function approveAndPerform<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  actionId: string,
  action: Action,
): Promise<Outcome> {
  const subject = { type: "action" as const, action };
  const decision = await requestApproval(run, actionId, subject, run.scope.signal);
  if (decision.decision === "deny") {
    return withoutOutput("denied", `The action was denied: ${decision.reason}`, 0);
  }
  if (decision.decision === "allow") return perform(run, actionId, action);
  const edited = editAction(action, decision);
  const outcome = await perform(run, actionId, edited);
  return { ...outcome, text: `${describeEdit(edited)}\n\n${outcome.text}` };
}

function perform<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  actionId: string,
  action: Action,
): Promise<Outcome> {
  return action.type === "code"
    ? performCode(run, actionId, action)
    : performCall(run, actionId, action);
}

async function performCode<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  actionId: string,
  action: CodeAction,
): Promise<Outcome> {
  const { scope, step } = run;
  const { limits } = run.definition;
  const interpreter = await abortable(run.interpreter(), scope.signal);
  const tools = new ActionTools(run, actionId);
  // A fault in answering a tool call must end the cell too.
  const stop = new AbortController();
  const release = [scope.signal, tools.signal].map((signal) =>
    onAbort(signal, (reason) => stop.abort(reason)),
  );
  try {
    const result = await interpreter.execute(action.code, {
      signal: stop.signal,
      timeoutMs: limits.cellTimeoutMs,
      maxOutputBytes: limits.outputBytes,
      onToolCall: tools.handle,
      onOutput: (output) => scope.emit({ type: "output", step, actionId, output }),
    });
    const rendered = renderExecution(result, {
      maxCharacters: limits.observationCharacters,
      timeoutMs: limits.cellTimeoutMs,
    });
    return {
      status: result.status,
      state: result.state,
      ...rendered,
      outputs: result.outputs,
      ...(result.error && { error: result.error }),
      durationMs: result.durationMs,
    };
  } finally {
    for (const stopFollowing of release) stopFollowing();
    await tools.close();
  }
}

async function performCall<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  actionId: string,
  action: CallAction,
): Promise<Outcome> {
  const { limits, declarations } = run.definition;
  const tools = new ActionTools(run, actionId);
  const started = performance.now();
  const declaration = declarations.find(({ name }) => name === action.name);
  let outcome: ToolCallOutcome;
  try {
    outcome = await tools.handle({
      id: actionId,
      name: action.name,
      input: declaration ? callInput(declaration, action.arguments) : action.arguments,
      signal: run.scope.signal,
      pauseClock: () => () => undefined,
    });
  } finally {
    await tools.close();
  }
  return {
    status: outcome.ok ? "ok" : run.scope.signal.aborted ? "interrupted" : "error",
    ...renderToolOutcome(outcome, { maxCharacters: limits.observationCharacters }),
    outputs: [],
    durationMs: performance.now() - started,
  };
}

/** JSON text can hold numbers, such as 1e999, that JavaScript cannot write back. */
function jsonSafe(action: Action): Action {
  if (action.type === "code") return action;
  return { ...action, arguments: toJsonSafe(action.arguments) as CallAction["arguments"] };
}

function withoutOutput(status: Outcome["status"], text: string, durationMs: number): Outcome {
  return { status, text, images: [], outputs: [], durationMs };
}

function describeEdit(action: Action): string {
  const what = action.type === "code" ? action.code : JSON.stringify(action.arguments);
  return `The action was changed before it ran. What ran:\n${what}`;
}
