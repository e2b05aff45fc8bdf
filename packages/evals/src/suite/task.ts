import type {
  Executor,
  FinishStatus,
  JsonObject,
  JsonValue,
  Limits,
  Model,
  Trajectory,
  UsageTotal,
} from "@codeact/core";
import type { FormatName } from "./format.js";

/** A set of tasks that are measured together. */
export interface Suite {
  readonly name: string;
  readonly tasks: readonly EvalTask[];
  /** The formats in which its tasks can be solved. */
  readonly formats: readonly FormatName[];
  /** Bounds of its attempts, where the evaluation gives no others. @defaultValue 20 steps */
  readonly limits?: Partial<Limits>;
  /** What decides its results besides the tasks, for example the protocol; kept in the journal. */
  readonly settings?: JsonObject;
  /** SHA-256 of all its tasks, also where only some of them are tried; see {@link withTaskHash}. */
  readonly taskHash?: string;
}

/** One task of a suite. It has no state of its own: attempts at it may run at once. */
export interface EvalTask {
  /** Unique in the suite and stable from run to run, by convention `family/name`. */
  readonly id: string;
  /** The kind of task; reports give a figure for each. */
  readonly family: string;
  /**
   * What is asked and what is right, as plain JSON, so that a journal does not take another task of
   * the same id for this one.
   */
  readonly content?: JsonValue;
  /**
   * Lets a model try the task once, from the same beginning each time.
   * @throws what an agent's run throws: faults are no wrong answers, and the runner tells them apart
   */
  attempt(setting: AttemptSetting): Promise<AttemptOutcome>;
  /** A model that knows a solution and plays it in a format. It proves that the task is solvable. */
  oracle?(format: FormatName): Model;
}

/** Under which conditions a task is tried. */
export interface AttemptSetting {
  model: Model;
  /** Where Python runs, also for tools that are written in it. */
  executor: Executor;
  format: FormatName;
  /** Bounds of the run. */
  limits: Partial<Limits>;
  sampling: Sampling;
  signal: AbortSignal;
}

/** What is asked of the model's sampling in every request. */
export interface Sampling {
  temperature?: number;
  maxOutputTokens?: number;
  /** Repeats of a task get this and the following numbers. */
  seed?: number;
}

/** How an attempt ended. */
export interface AttemptOutcome {
  success: boolean;
  /** As the agent's run ended. */
  status: FinishStatus;
  /** Messages of the model. */
  turns: number;
  usage: UsageTotal;
  trajectory: Trajectory;
  /** What the model answered, where it did. */
  answer?: JsonValue;
  /** What a right answer would have been, where that is one value. */
  expected?: JsonValue;
}
