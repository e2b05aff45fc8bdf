import { check } from "../executor-conformance/assertions.js";
import type { ModelCase } from "./model-case.js";
import { checkHas } from "./model-topic.js";
import type { ModelSetup } from "./model-under-test.js";
import { RejectionWatch } from "./rejection-watch.js";
import { until } from "./requests.js";

/** Runs a case with a model of its own, and checks that nothing is left over. */
export async function runCase(
  modelCase: ModelCase,
  setup: ModelSetup,
  endLimitMs = 15_000,
): Promise<void> {
  const { idleTimeoutMs } = modelCase;
  const watch = new RejectionWatch();
  let unhandled: readonly unknown[] = [];
  try {
    const subject = await setup(idleTimeoutMs === undefined ? {} : { idleTimeoutMs });
    try {
      checkHas(subject, modelCase.needs ?? []);
      await modelCase.run(subject);
      await until(() => subject.openAnswers === 0, "the end of every request", endLimitMs);
    } finally {
      await subject.close();
    }
  } finally {
    unhandled = await watch.end();
  }
  check(unhandled.length === 0, `unhandled rejections: ${unhandled.map(String).join(", ")}`);
}
