// A real model drives the real loop and real Python: npm run test:real-model fetches one and names
// its file in CODEACT_REAL_MODEL. What is asserted of every run holds whatever the model writes.
import { type AgentEvent, codeFormat } from "@codeact/core";
import { checkEventGrammar } from "@codeact/core/testing";
import type { PythonExecutor } from "@codeact/executors/python";
import { LlamaModel } from "@codeact/models/llama";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { guardedPython } from "./guarded-python.js";
import { runTask, type TaskRun } from "./run-task.js";
import { tasks } from "./tasks.js";

const file = process.env["CODEACT_REAL_MODEL"];
/** For all tasks together; a slow machine leaves the last ones out. */
const budgetMs = 70_000;
/** A run that is begun later would hardly get to its first action. */
const shortestRunMs = 10_000;
/** Below the share that this model reached when it was measured: processors differ in rounding. */
const solvedShare = 0.25;
/** With fewer the share says nothing. */
const enoughRuns = 5;

describe.skipIf(!file)("a real model drives the loop", () => {
  let model: LlamaModel;
  let executor: PythonExecutor;
  let deadline: number;
  const completed: TaskRun[] = [];

  beforeAll(async () => {
    model = await LlamaModel.load({ model: file ?? "", threads: 2, contextSize: 4096 });
    executor = guardedPython();
    deadline = performance.now() + budgetMs;
  }, 180_000);

  afterAll(async () => {
    await executor.close();
    await model.close();
  }, 60_000);

  test.for(tasks)("$name", { timeout: 300_000 }, async (task, { skip }) => {
    const leftMs = deadline - performance.now();
    if (leftMs < shortestRunMs) skip(late(task.name));
    const events: AgentEvent[] = [];
    const signal = AbortSignal.timeout(Math.max(1, Math.floor(leftMs)));
    const run = await runTask(task, {
      model,
      executor,
      actionFormat: codeFormat(),
      signal,
      onEvent: (event) => void events.push(event),
    }).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    checkMachinery(events);
    if (run === undefined) skip(late(task.name));
    else completed.push(run);
    if (run?.status === "answered") checkAnswer(run);
  });

  test("solves a modest share of the tasks", ({ skip }) => {
    const solved = completed.filter((run) => run.solved);
    console.log(`${model.id} solved ${solved.length} of ${completed.length} tasks`);
    if (completed.length < enoughRuns) skip(late("the share"));
    expect(solved.length).toBeGreaterThanOrEqual(Math.floor(completed.length * solvedShare));
  });
});

function late(what: string): string {
  const reason = `SKIPPED: ${what}: the ${budgetMs / 1000} s of the real model are over`;
  console.warn(reason);
  return reason;
}

function checkMachinery(events: readonly AgentEvent[]): void {
  expect(checkEventGrammar(events)).toEqual([]);
  for (const event of events) {
    if (event.type !== "observation" || event.actionId === undefined) continue;
    // Only where a cell ran is it known what became of the variables.
    expect(event.state, event.text).toMatch(/^(kept|lost)$/);
  }
}

function checkAnswer({ answer, events, solved }: TaskRun): void {
  expect(answer).not.toMatch(/<\/?execute>|^\W*Observation:/i);
  expect(answer.trim()).not.toBe("");
  // A right answer comes of what Python printed or computed, and not of the model's head.
  if (solved) expect(events.some((event) => event.type === "action")).toBe(true);
}
