import type { UsageTotal } from "../model/usage.js";
import type { Trajectory } from "../trajectory/trajectory.js";

interface ResultBase {
  runId: string;
  /** Model messages of the run. */
  steps: number;
  /** Tokens of the run, sub-agents and failed attempts included. */
  usage: UsageTotal;
  trajectory: Trajectory;
}

/** The run ended with an answer. */
export interface AnsweredResult<TOutput> extends ResultBase {
  status: "answered";
  output: TOutput;
}

/** The run ended without an answer, for a reason that is not a fault. */
export interface UnansweredResult extends ResultBase {
  /**
   * - `step-limit`, `time-limit`, `token-limit`: a limit of the run was reached
   * - `invalid-limit`: too many messages in a row were neither action nor answer
   * - `context-limit`: the conversation no longer fits in the model's context window
   * - `refused`: the provider's content filter ended the message
   * - `stopped`: `stopWhen` ended the run
   */
  status:
    | "step-limit"
    | "time-limit"
    | "token-limit"
    | "context-limit"
    | "invalid-limit"
    | "refused"
    | "stopped";
}

/** How a run ended; only `answered` has an `output`. */
export type AgentResult<TOutput> = AnsweredResult<TOutput> | UnansweredResult;
