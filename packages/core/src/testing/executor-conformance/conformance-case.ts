import type { ExecutionResult } from "../../executor/execution-result.js";
import type { ExecuteOptions, Executor, Interpreter } from "../../executor/executor.js";

/** What a case of the suite works with. */
export interface ConformanceContext {
  /**
   * An interpreter that cases share, because a start costs time; with the suite's tools. It is
   * replaced after a case that fails, loses its state or leaves it busy.
   */
  shared(): Promise<Interpreter>;
  /** An interpreter of the case's own, with the suite's tools; closed after the case. */
  fresh(): Promise<Interpreter>;
  /** Another executor; closed after the case. */
  newExecutor(): Promise<Executor>;
  /** Runs a cell in the shared interpreter. */
  run(code: string, options?: ExecuteOptions): Promise<ExecutionResult>;
}

/** One test of the suite. It reads capabilities when it runs, since these need an interpreter. */
export interface ConformanceCase {
  name: string;
  run(context: ConformanceContext): Promise<void>;
}

/** Cases on one subject. */
export interface ConformanceGroup {
  name: string;
  cases: readonly ConformanceCase[];
}
