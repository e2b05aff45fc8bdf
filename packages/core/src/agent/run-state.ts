import type { ActionObservation, ToolDescription } from "../action-format/contract.js";
import type { Interpreter } from "../executor/executor.js";
import type { AgentDefinition } from "./definition.js";
import type { Conversation } from "./conversation.js";
import type { Answer } from "./final-answer.js";
import type { RunScope } from "./run-scope.js";

/** Numbers that go on over the runs of a session, so that identifiers are unique in it. */
export interface SessionCounters {
  actions: number;
  toolCalls: number;
  approvals: number;
}

/** What the steps of one run share and change. */
export interface RunState<TOutput, TContext> {
  readonly definition: AgentDefinition<TOutput, TContext>;
  readonly scope: RunScope;
  readonly conversation: Conversation;
  readonly counters: SessionCounters;
  readonly context: TContext;
  readonly tools: readonly ToolDescription[];
  /** The session's interpreter; starts it if need be. */
  interpreter: () => Promise<Interpreter>;
  /** The current step, from 1; 0 before the first. */
  step: number;
  /** Invalid messages in a row. */
  invalidMessages: number;
  /** What came of the actions of the last step that had any. */
  lastObservations: readonly ActionObservation[];
  /** Answers that `checkAnswer` rejected. */
  rejectedAnswers: number;
  /** The answer, once there is a valid one. */
  answer: Answer<TOutput> | undefined;
}
