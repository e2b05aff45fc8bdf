import type { AttemptResult } from "../run/attempt-record.js";
import { type BoundedEstimate, bootstrapMean, type Estimate } from "../statistics/bootstrap.js";
import { successRate } from "../statistics/success-rate.js";

/** Figures of some attempts. Intervals are of 95 %, over tasks. */
export interface Figures {
  attempts: number;
  successes: number;
  /** Rate of success, from 0 to 1. */
  success: BoundedEstimate;
  /** Messages of the model for a task. */
  turns: Estimate;
  /** The same of attempts that succeeded; absent where none did. */
  turnsOfSuccesses?: Estimate;
  /** For a task; too low where `complete` is not. */
  tokens: { input: number; output: number; complete: boolean };
  /** Calls of tools for a task. */
  toolCalls: number;
  /** The share of actions whose observation was an error, a timeout or the like. */
  failedActions: number;
  /** How the runs ended: how many by status. */
  statuses: Record<string, number>;
}

/** The figures of some attempts, at least one. */
export function figuresOf(results: readonly AttemptResult[]): Figures {
  const successes = results.filter(({ success }) => success);
  const turnsOfSuccesses = bootstrapMean(perTask(successes, ({ turns }) => turns));
  const sum = (value: (result: AttemptResult) => number): number =>
    results.reduce((total, result) => total + value(result), 0);
  const actions = sum((result) => result.actions);
  return {
    attempts: results.length,
    successes: successes.length,
    success: estimated(successRate(perTask(results, ({ success }) => Number(success)))),
    turns: estimated(bootstrapMean(perTask(results, ({ turns }) => turns))),
    ...(turnsOfSuccesses && { turnsOfSuccesses }),
    tokens: {
      input: sum(({ usage }) => usage.inputTokens) / results.length,
      output: sum(({ usage }) => usage.outputTokens) / results.length,
      complete: results.every(({ usage }) => usage.complete),
    },
    toolCalls: sum(({ toolCalls }) => toolCalls) / results.length,
    failedActions: actions === 0 ? 0 : sum(({ failedActions }) => failedActions) / actions,
    statuses: countBy(results, ({ status }) => status),
  };
}

/** Seconds that the attempts took. */
export function secondsOf(results: readonly AttemptResult[]): Estimate {
  return estimated(bootstrapMean(perTask(results, ({ durationMs }) => durationMs / 1000)));
}

/** The mean of each task: repeats of one are not independent. */
function perTask(
  results: readonly AttemptResult[],
  value: (result: AttemptResult) => number,
): number[] {
  const byTask = new Map<string, number[]>();
  for (const result of results) {
    byTask.set(result.task, [...(byTask.get(result.task) ?? []), value(result)]);
  }
  return [...byTask.values()].map(
    (values) => values.reduce((sum, each) => sum + each, 0) / values.length,
  );
}

function estimated<T extends Estimate>(estimate: T | undefined): T {
  if (estimate === undefined) throw new RangeError("There are no figures of no attempts.");
  return estimate;
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
