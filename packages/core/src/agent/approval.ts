import type { Action } from "../action-format/contract.js";
import { CodeActError } from "../errors/codeact-error.js";
import type { WireValue } from "../executor/tool-call.js";
import type { JsonObject } from "../json.js";
import { thrownText } from "../tool/thrown-text.js";
import { toJsonSafe, toWireValue } from "../tool/wire-value.js";
import { callCallback } from "./callback.js";
import type { ApprovalDecision, ApprovalRequest } from "./options.js";
import type { RunState } from "./run-state.js";

/** What is to be approved. */
export type ApprovalSubject =
  | { type: "action"; action: Action }
  | { type: "tool-call"; toolCallId: string; name: string; input: WireValue };

/** Asks the `approve` callback; without one everything is allowed. */
export async function requestApproval<TOutput, TContext>(
  run: RunState<TOutput, TContext>,
  actionId: string,
  subject: ApprovalSubject,
  signal: AbortSignal,
): Promise<ApprovalDecision> {
  const { scope, step, context } = run;
  const { options } = run.definition;
  if (!options.approve) return { decision: "allow" };
  const approvalId = `approval_${++run.counters.approvals}`;
  const ids = { step, approvalId, actionId };
  scope.emit({ type: "approval-request", ...ids, ...toolCallOf(subject) });
  try {
    const request: ApprovalRequest<TContext> = {
      runId: scope.runId,
      step,
      context,
      signal,
      ...subject,
    };
    const answer = await callCallback("approve", signal, () => options.approve?.(request));
    const decision = withPlainInput(checkDecision(answer, subject));
    scope.emit({ type: "approval-result", ...ids, ...resultOf(decision, subject) });
    return decision;
  } catch (error) {
    scope.emit({ type: "approval-result", ...ids, decision: "aborted" });
    throw error;
  }
}

function toolCallOf(subject: ApprovalSubject) {
  if (subject.type === "action") return {};
  const { toolCallId, name, input } = subject;
  return { toolCall: { toolCallId, name, input: toJsonSafe(input) } };
}

/** Nothing but what the event declares: the callback's object may hold more. */
function resultOf(decision: ApprovalDecision, subject: ApprovalSubject) {
  if (decision.decision === "allow") return { decision: decision.decision };
  if (decision.decision === "deny") {
    return { decision: decision.decision, reason: decision.reason };
  }
  return subject.type === "action"
    ? { decision: decision.decision, action: editAction(subject.action, decision) }
    : { decision: decision.decision, ...("input" in decision && { input: decision.input }) };
}

/** The action with the edit in it. */
export function editAction(action: Action, edit: { code: string } | { input: JsonObject }): Action {
  if (action.type === "code" && "code" in edit) return { ...action, code: edit.code };
  if (action.type === "call" && "input" in edit) return { ...action, arguments: edit.input };
  return action;
}

function checkDecision(decision: unknown, subject: ApprovalSubject): ApprovalDecision {
  if (isDecision(decision, subject)) return decision;
  throw new CodeActError(
    "callback",
    'The approve callback must return { decision: "allow" }, { decision: "deny", reason } or ' +
      '{ decision: "edit" } with `code` for a code action and `input` for a tool call.',
  );
}

/** An input that was put together by hand may hold what JSON lacks, such as a date. */
function withPlainInput(decision: ApprovalDecision): ApprovalDecision {
  if (!("input" in decision)) return decision;
  try {
    return { ...decision, input: toJsonSafe(toWireValue(decision.input)) as JsonObject };
  } catch (cause) {
    throw new CodeActError("callback", `The input that approve returned: ${thrownText(cause)}`, {
      cause,
    });
  }
}

function isDecision(decision: unknown, subject: ApprovalSubject): decision is ApprovalDecision {
  if (typeof decision !== "object" || decision === null || !("decision" in decision)) return false;
  if (decision.decision === "allow") return true;
  if (decision.decision === "deny") {
    return "reason" in decision && typeof decision.reason === "string";
  }
  if (decision.decision !== "edit") return false;
  const isCode = subject.type === "action" && subject.action.type === "code";
  return isCode
    ? "code" in decision && typeof decision.code === "string"
    : "input" in decision && typeof decision.input === "object" && decision.input !== null;
}
