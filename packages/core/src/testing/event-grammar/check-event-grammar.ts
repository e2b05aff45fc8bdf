import type { AgentEvent } from "../../events/event.js";
import { NestingChecker } from "./nesting-checker.js";
import { RunChecker } from "./run-checker.js";
import type { GrammarViolation, ReportViolation } from "./violation.js";

/** Options of {@link checkEventGrammar}. */
export interface CheckEventGrammarOptions {
  /**
   * Accept gaps in `sequence`: for a trajectory, which has no transient events, and for a stream
   * whose deltas coalesced. @defaultValue false
   */
  allowGaps?: boolean;
}

/**
 * Checks the order of events: one or several whole runs, in order of delivery, sub-agents
 * included. An order that follows the grammar gives an empty list.
 *
 * @example
 * ```ts
 * const recorded = recordEvents(agent);
 * await agent.run("What is 6 × 7?");
 * expect(checkEventGrammar(recorded.events)).toEqual([]);
 * ```
 */
export function checkEventGrammar(
  events: readonly AgentEvent[],
  { allowGaps = false }: CheckEventGrammarOptions = {},
): GrammarViolation[] {
  const violations: GrammarViolation[] = [];
  const reportAt =
    (runId: string, index: number): ReportViolation =>
    (rule, message) =>
      violations.push({ rule, runId, index, message });
  const runs = new Map<string, RunChecker>();
  const sessions = new Map<string, Set<string>>();
  const nesting = new NestingChecker(events);

  for (const [index, event] of events.entries()) {
    const report = reportAt(event.runId, index);
    const actions = sessions.get(event.sessionId) ?? new Set();
    sessions.set(event.sessionId, actions);
    const run = runs.get(event.runId) ?? new RunChecker(actions, allowGaps);
    runs.set(event.runId, run);
    run.accept(event, report);
    nesting.accept(event, report);
  }
  for (const [runId, run] of runs) run.end(reportAt(runId, events.length));
  return violations;
}
