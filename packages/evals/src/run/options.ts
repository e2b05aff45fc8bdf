import type { Executor, Limits, Model } from "@codeact/core";
import type { FormatName } from "../suite/format.js";
import type { EvalTask, Sampling, Suite } from "../suite/task.js";
import type { EvaluationProgress } from "./progress.js";

/** A model for each attempt, where one model cannot serve all. */
export interface ModelChooser {
  /** Names it in journals and reports. */
  readonly id: string;
  modelFor(task: EvalTask, format: FormatName): Model;
}

/** What {@link runEvaluation} takes. */
export interface EvaluationOptions {
  suite: Suite;
  model: Model | ModelChooser;
  /** Where Python runs. It stays open. */
  executor: Executor;
  /** Where results are written as they come, and read on from. */
  journal: string;
  /** @defaultValue code, json and text, as far as the suite has them */
  formats?: readonly FormatName[];
  /** How often each task is tried in each format. @defaultValue 1 */
  repeats?: number;
  /** How many attempts are made at once. @defaultValue 4 */
  concurrency?: number;
  /** Bounds of each attempt. @defaultValue those of the suite */
  limits?: Partial<Limits>;
  sampling?: Sampling;
  /** Breaks off. Attempts under way are given up, and made again by the next run. */
  signal?: AbortSignal;
  onProgress?: (progress: EvaluationProgress) => void;
}
