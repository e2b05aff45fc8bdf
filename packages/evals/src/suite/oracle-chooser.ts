import { CodeActError } from "@codeact/core";
import type { ModelChooser } from "../run/options.js";

/**
 * Plays the known solution of each task instead of asking a model: shows that a suite, an executor
 * and this machine work together, and how few turns a task needs in a format.
 *
 * @throws from `modelFor`: `CodeActError` with code `unsupported` for a task without a solution
 *
 * @example
 * ```ts
 * await runEvaluation({ suite: composedSuite(), model: oracles, executor, journal: "oracle.jsonl" });
 * ```
 */
export const oracles: ModelChooser = {
  id: "oracle",
  modelFor(task, format) {
    const model = task.oracle?.(format);
    if (model !== undefined) return model;
    throw new CodeActError(
      "unsupported",
      `No solution of the task "${task.id}" is known. Give a real model.`,
    );
  },
};
