import type { Action, Trajectory } from "@codeact/core";

/**
 * Whether a run acted at least once without an error. To answer is no such action, in no format: code
 * that only calls `final_answer` shows a model nothing of how the answer was found.
 */
export function hasUsefulAction({ events }: Trajectory): boolean {
  const idOf = (event: { runId: string; actionId?: string }): string =>
    `${event.runId} ${event.actionId}`;
  const called = new Set(
    events.flatMap((event) => (event.type === "tool-call" ? [idOf(event)] : [])),
  );
  const useful = new Set(
    events.flatMap((event) =>
      event.type === "action" && (called.has(idOf(event)) || !isAnswer(event.action))
        ? [idOf(event)]
        : [],
    ),
  );
  return events.some(
    (event) => event.type === "observation" && event.status === "ok" && useful.has(idOf(event)),
  );
}

function isAnswer(action: Action): boolean {
  return action.type === "call" ? action.name === "final_answer" : isAnswerCode(action.code);
}

const texts = /("""|''')[^]*?\1|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

/** Whether code is one call of `final_answer`. */
function isAnswerCode(code: string): boolean {
  let left = code.replaceAll(texts, "").replaceAll(/#.*/g, "");
  // From the innermost brackets outwards, so that only what stands outside of them remains.
  for (let before = ""; before !== left; ) {
    before = left;
    left = left.replaceAll(/\([^()]*\)/g, "");
  }
  return /^\s*final_answer\s*;?\s*$/.test(left);
}
