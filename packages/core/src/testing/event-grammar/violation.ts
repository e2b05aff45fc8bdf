import type { AgentEvent } from "../../events/event.js";

/**
 * A rule of the event order, as a stable string.
 *
 * | rule | meaning |
 * | --- | --- |
 * | `json-safe` | JSON carries the event without loss. |
 * | `identity` | Session, root, depth and parent are those of the run's start, and agree. |
 * | `sequence` | Counts from 0 without gaps. |
 * | `time` | An ISO 8601 string that never goes back. |
 * | `start-first` | A run begins with its only `start`. |
 * | `terminal-last` | One `finish` or `error`, and nothing after it. |
 * | `step-balance` | Steps count from 1, one at a time, each finished before the next and the end. |
 * | `step-number` | An event names the step that it lies in. |
 * | `message-order` | Pieces come before the message, one message a step, nothing without it. |
 * | `action-order` | An event of an action lies between the action and its observation. |
 * | `observation` | Every action has one observation of a fitting status. |
 * | `feedback` | An observation without an action corrects the message or the answer and ends the step. |
 * | `approval` | Requests and results pair; a denied action does nothing. |
 * | `tool-call` | Calls and results pair before the observation. |
 * | `unique-id` | Actions, tool calls and approvals have ids of their own. |
 * | `totals` | Steps are counted right, usage never shrinks, output only where answered. |
 * | `nesting` | A sub-agent's events lie between its tool call and the result. |
 */
export type GrammarRule =
  | "json-safe"
  | "identity"
  | "sequence"
  | "time"
  | "start-first"
  | "terminal-last"
  | "step-balance"
  | "step-number"
  | "message-order"
  | "action-order"
  | "observation"
  | "feedback"
  | "approval"
  | "tool-call"
  | "unique-id"
  | "totals"
  | "nesting";

/** One breach of the event order. */
export interface GrammarViolation {
  rule: GrammarRule;
  runId: string;
  /** Position in the list that was checked; its length where something is missing at the end. */
  index: number;
  /** What is wrong, in words. */
  message: string;
}

/** Takes a breach at the event that is being checked. */
export type ReportViolation = (rule: GrammarRule, message: string) => void;

/** An event of one `type`. */
export type EventOf<TType extends AgentEvent["type"]> = Extract<AgentEvent, { type: TType }>;
