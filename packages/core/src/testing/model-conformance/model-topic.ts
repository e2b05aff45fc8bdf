import { check } from "../executor-conformance/assertions.js";
import type { ModelUnderTest } from "./model-under-test.js";

/**
 * What some models or their APIs lack:
 *
 * - `stop`: stop strings end the text;
 * - `usage`, `images`, `tools`: the model's `capabilities` of that name;
 * - `cached-usage`, `reasoning-usage`: the API reports cached input and reasoning tokens;
 * - `no-usage`: the API can answer without reporting tokens;
 * - `broken-arguments`: the API passes on what a model wrote as arguments, JSON or not;
 * - `signatures`: parts carry `providerData` that the API must get back;
 * - `refusals`: the API answers with an HTTP status;
 * - `overflow`: the API knows a request that is too large for the model's context;
 * - `faults`: the API can fail while it answers;
 * - `stalls`: the API can fall silent;
 * - `timeouts`: the model gives up on an API that is silent for too long.
 */
export type ModelTopic =
  | "stop"
  | "usage"
  | "cached-usage"
  | "reasoning-usage"
  | "no-usage"
  | "images"
  | "tools"
  | "broken-arguments"
  | "signatures"
  | "refusals"
  | "overflow"
  | "faults"
  | "stalls"
  | "timeouts";

const missing: Readonly<Record<ModelTopic, (subject: ModelUnderTest) => string | false>> = {
  stop: () => false,
  usage: ({ model }) => !model.capabilities?.usage && "the capability usage",
  "cached-usage": () => false,
  "reasoning-usage": () => false,
  "no-usage": () => false,
  images: ({ model }) => !model.capabilities?.images && "the capability images",
  tools: (subject) =>
    (!subject.model.capabilities?.tools && "the capability tools") ||
    (!subject.replyWithToolCalls && "the hook replyWithToolCalls"),
  "broken-arguments": () => false,
  signatures: (subject) => !subject.replySigned && "the hook replySigned",
  refusals: (subject) => !subject.refuse && "the hook refuse",
  overflow: (subject) => !subject.overflow && "the hook overflow",
  faults: (subject) => !subject.fault && "the hook fault",
  stalls: (subject) => !subject.fault && "the hook fault",
  timeouts: (subject) => !subject.fault && "the hook fault",
};

/** Fails unless the subject has what a test of these topics uses. */
export function checkHas(
  subject: ModelUnderTest,
  topics: readonly ModelTopic[],
): asserts subject is Required<ModelUnderTest> {
  for (const topic of topics) {
    const lack = missing[topic](subject);
    check(
      lack === false,
      `The model under test lacks ${lack}. Add it, or name "${topic}" in the option without.`,
    );
  }
}
