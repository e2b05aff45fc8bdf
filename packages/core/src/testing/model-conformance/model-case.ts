import type { ModelSetupOptions, ModelUnderTest } from "./model-under-test.js";
import type { ModelTopic } from "./model-topic.js";

/** One test of the suite. */
export interface ModelCase extends ModelSetupOptions {
  name: string;
  /** What the test is about besides plain replies. Whoever lacks one of these lacks the test. */
  needs?: readonly ModelTopic[];
  /** @param subject has the hooks of `needs` */
  run(subject: Required<ModelUnderTest>): Promise<void>;
}

/** Cases on one subject. */
export interface ModelCaseGroup {
  name: string;
  cases: readonly ModelCase[];
}
