import type { AttemptRecord, EvaluationHeader } from "../src/run/attempt-record.js";

/** Of an evaluation that there is not. */
export const header: EvaluationHeader = {
  format: "codeact-evaluation",
  version: 1,
  suite: "sums",
  settings: {},
  model: "model",
  limits: { steps: 20 },
  sampling: {},
};

/** An attempt at a task of that evaluation. */
export function attempt(task: string, success = true): AttemptRecord {
  return {
    type: "attempt",
    task,
    family: "sums",
    format: "code",
    repeat: 1,
    success,
    status: "answered",
    turns: 1,
    actions: 0,
    failedActions: 0,
    toolCalls: 0,
    usage: {
      inputTokens: 1,
      outputTokens: 1,
      cachedInputTokens: 0,
      reasoningTokens: 0,
      requests: 1,
      complete: true,
    },
    durationMs: 5,
    trajectory: { version: 1, runId: "run", events: [] },
  };
}
