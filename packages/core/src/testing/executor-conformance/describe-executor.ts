import { CaseRunner, type ExecutorFactory } from "./case-context.js";
import type { ConformanceGroup } from "./conformance-case.js";
import { asyncGroup } from "./groups/async-cases.js";
import { commandGroup } from "./groups/command-cases.js";
import { endingGroup } from "./groups/ending-cases.js";
import { fileGroup } from "./groups/file-cases.js";
import { forkGroup } from "./groups/fork-cases.js";
import { hostileGroup } from "./groups/hostile-cases.js";
import { interruptGroup } from "./groups/interrupt-cases.js";
import { lifecycleGroup } from "./groups/lifecycle-cases.js";
import { namespaceGroup } from "./groups/namespace-cases.js";
import { outputGroup } from "./groups/output-cases.js";
import { outputOrderGroup } from "./groups/output-order-cases.js";
import { resultGroup } from "./groups/result-cases.js";
import { timeoutGroup } from "./groups/timeout-cases.js";
import { toolArgumentGroup } from "./groups/tool-argument-cases.js";
import { toolConcurrencyGroup } from "./groups/tool-concurrency-cases.js";
import { toolOutcomeGroup } from "./groups/tool-outcome-cases.js";
import { toolValueGroup } from "./groups/tool-value-cases.js";
import { tracebackGroup } from "./groups/traceback-cases.js";

/** The functions of a test runner that the suite needs: those of vitest, jest or `node:test`. */
export interface ConformanceSuite {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>, timeoutMs: number): void;
  /** Called within `describe`; `after` in `node:test`. */
  afterAll(body: () => Promise<void>): void;
}

/** Options of {@link describeExecutor}. */
export interface DescribeExecutorOptions {
  suite: ConformanceSuite;
}

const groups: readonly ConformanceGroup[] = [
  namespaceGroup,
  resultGroup,
  outputGroup,
  outputOrderGroup,
  asyncGroup,
  commandGroup,
  tracebackGroup,
  endingGroup,
  timeoutGroup,
  interruptGroup,
  toolArgumentGroup,
  toolOutcomeGroup,
  toolValueGroup,
  toolConcurrencyGroup,
  hostileGroup,
  fileGroup,
  lifecycleGroup,
  forkGroup,
];

/**
 * Defines the conformance suite of executors: what cells mean, for real Python behind the
 * contract. Each test asserts a behaviour, or, where the interpreter's `capabilities` say that it
 * cannot, the refusal. Wording is never tested.
 *
 * Nothing needs a network. Tests that need numpy, pandas or matplotlib check nothing where the
 * module cannot be imported.
 *
 * @example
 * ```ts
 * import { afterAll, describe, it } from "vitest";
 *
 * describeExecutor("PythonExecutor", () => new PythonExecutor(), {
 *   suite: { describe, it, afterAll },
 * });
 * ```
 */
export function describeExecutor(
  name: string,
  factory: ExecutorFactory,
  { suite }: DescribeExecutorOptions,
): void {
  suite.describe(`${name} conforms:`, () => {
    const runner = new CaseRunner(factory);
    for (const group of groups) {
      suite.describe(group.name, () => {
        for (const each of group.cases) {
          suite.it(each.name, () => runner.run(each), 60_000);
        }
      });
    }
    suite.afterAll(() => runner.close());
  });
}
