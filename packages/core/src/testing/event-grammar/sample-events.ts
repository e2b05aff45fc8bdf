import type { AgentEvent, EventBase } from "../../events/event.js";
import { emptyUsage } from "../../model/usage.js";

// Legal and illegal event sequences are put together from these in the tests of the grammar.

type Body<T> = T extends AgentEvent ? Omit<T, keyof EventBase> & Partial<EventBase> : never;
export type EventBody = Body<AgentEvent>;

export const usage = emptyUsage();
export const code = { type: "code" as const, code: "1" };
const observed = { text: "", images: [], outputs: [], durationMs: 1 };

export const start: EventBody = {
  type: "start",
  agent: { name: "agent" },
  model: "scripted",
  actionFormat: "code",
  messages: [],
};
export const stepStart = (step = 1): EventBody => ({ type: "step-start", step });
export const delta: EventBody = { type: "message-delta", step: 1, text: "x" };
export const reasoning: EventBody = { type: "reasoning-delta", step: 1, text: "x" };
export const message = (step = 1): EventBody => ({
  type: "message",
  step,
  message: { role: "assistant", content: [] },
  finishReason: "stop",
});
export const action = (actionId = "a1", step = 1): EventBody => ({
  type: "action",
  step,
  actionId,
  thought: "",
  action: code,
});
export const output = (actionId = "a1"): EventBody => ({
  type: "output",
  step: 1,
  actionId,
  output: { type: "text", stream: "stdout", text: "x" },
});
export const call = (toolCallId = "t1", name = "tool"): EventBody => ({
  type: "tool-call",
  step: 1,
  actionId: "a1",
  toolCallId,
  name,
  input: {},
});
export const result = (toolCallId = "t1", name = "tool"): EventBody => ({
  type: "tool-result",
  step: 1,
  actionId: "a1",
  toolCallId,
  name,
  value: 1,
  durationMs: 1,
});
export const ask = (approvalId = "p1", toolCallId?: string): EventBody => ({
  type: "approval-request",
  step: 1,
  approvalId,
  actionId: "a1",
  ...(toolCallId ? { toolCall: { toolCallId, name: "tool", input: {} } } : {}),
});
export const decide = (
  decision: "allow" | "deny" | "aborted" | "edit",
  approvalId = "p1",
  extra: Partial<EventBody> = {},
) =>
  ({
    type: "approval-result",
    step: 1,
    approvalId,
    actionId: "a1",
    decision,
    ...extra,
  }) as EventBody;
export type ObservationStatus = Extract<AgentEvent, { type: "observation" }>["status"];
export const observe = (
  status: ObservationStatus = "ok",
  actionId = "a1",
  step = 1,
): EventBody => ({
  type: "observation",
  step,
  actionId,
  status,
  ...observed,
});
export const feedback = (status: ObservationStatus = "invalid"): EventBody => ({
  type: "observation",
  step: 1,
  status,
  ...observed,
});
export const stepFinish = (step = 1): EventBody => ({
  type: "step-finish",
  step,
  messages: [],
  usage,
});
export const answered = (steps = 1): EventBody => ({
  type: "finish",
  status: "answered",
  output: "42",
  steps,
  usage,
});
export const failed = (steps = 1): EventBody => ({
  type: "error",
  error: { name: "CodeActError", message: "fault" },
  steps,
  usage,
});

/** Gives bodies what every event of a root run carries; a body may override it. */
export function events(...bodies: EventBody[]): AgentEvent[] {
  const sequences = new Map<string, number>();
  return bodies.map((body, index) => {
    const runId = body.runId ?? "run";
    const sequence = sequences.get(runId) ?? 0;
    sequences.set(runId, sequence + 1);
    const time = new Date(1_700_000_000_000 + index).toISOString();
    const base = { runId, sessionId: "session", rootRunId: "run", depth: 0, sequence, time };
    return { ...base, ...body } as AgentEvent;
  });
}

/** One step with a body of its own, in a whole run. */
export function inStep(...body: EventBody[]): AgentEvent[] {
  return events(start, stepStart(), message(), ...body, stepFinish(), answered());
}

export const inAction = (...body: EventBody[]) => inStep(action(), ...body, observe());

export const child: Partial<EventBase> = {
  runId: "child",
  sessionId: "child session",
  depth: 1,
  parentRunId: "run",
  parentToolCallId: "t1",
};
export const of = (base: Partial<EventBase>, ...bodies: EventBody[]) =>
  bodies.map((body) => ({ ...body, ...base }));
export const childRun = of(
  child,
  start,
  stepStart(),
  message(),
  action(),
  call(),
  result(),
  observe(),
);
export const childEnd = of(child, stepFinish(), answered());

export function omit(body: EventBody, key: string): EventBody {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== key)) as EventBody;
}

export function withoutOutput(event: AgentEvent): AgentEvent {
  return Object.fromEntries(
    Object.entries(event).filter(([name]) => event.type !== "finish" || name !== "output"),
  ) as AgentEvent;
}
