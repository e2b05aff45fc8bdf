import { abortGroup } from "./groups/abort-cases.js";
import { conversationGroup } from "./groups/conversation-cases.js";
import { failureGroup } from "./groups/failure-cases.js";
import { replyGroup } from "./groups/reply-cases.js";
import { stopGroup } from "./groups/stop-cases.js";
import type { ModelCaseGroup } from "./model-case.js";
import type { ModelSetup } from "./model-under-test.js";
import type { ModelTopic } from "./model-topic.js";
import { runCase } from "./run-case.js";

/** The functions of a test runner that the suite needs: those of vitest, jest or `node:test`. */
export interface ModelSuite {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>, timeoutMs: number): void;
}

/** Options of {@link describeModel}. */
export interface DescribeModelOptions {
  suite: ModelSuite;
  /** What the model or its API lacks. Tests about it are left out. @defaultValue nothing */
  without?: readonly ModelTopic[];
}

const groups: readonly ModelCaseGroup[] = [
  replyGroup,
  stopGroup,
  conversationGroup,
  abortGroup,
  failureGroup,
];

/**
 * Defines the conformance suite of models: how any `Model` behaves while the API under it does
 * everything that APIs do. `setup` gives each test a model with an API of its own, usually an HTTP
 * server on loopback. After each test nothing may be left over: no request, no rejection that
 * nobody handles. Wording is never tested, except that errors show the server's own.
 *
 * What a model lacks is said once, by `without`; a hook that is missing without being named there
 * is a failure, so that no test passes by checking nothing.
 *
 * @example
 * ```ts
 * import { describe, it } from "vitest";
 *
 * const setup: ModelSetup = async () => {
 *   const requests: string[] = [];
 *   let text: readonly string[] = [];
 *   return {
 *     requests,
 *     openAnswers: 0,
 *     reply: (reply) => void (text = reply.text),
 *     close: async () => {},
 *     model: {
 *       id: "parrot",
 *       async *generate({ messages, signal }) {
 *         signal?.throwIfAborted();
 *         requests.push(JSON.stringify(messages));
 *         for (const piece of text) yield { type: "text", text: piece };
 *         yield { type: "finish", reason: "stop" };
 *       },
 *     },
 *   };
 * };
 * describeModel("parrot", setup, {
 *   suite: { describe, it },
 *   without: [
 *     "stop", "usage", "cached-usage", "reasoning-usage", "images", "tools", "signatures",
 *     "refusals", "overflow", "faults", "stalls", "timeouts",
 *   ],
 * });
 * ```
 */
export function describeModel(
  name: string,
  setup: ModelSetup,
  { suite, without = [] }: DescribeModelOptions,
): void {
  suite.describe(`${name} conforms:`, () => {
    for (const group of groups) {
      const cases = group.cases.filter(
        ({ needs = [] }) => !needs.some((topic) => without.includes(topic)),
      );
      if (cases.length === 0) continue;
      suite.describe(group.name, () => {
        for (const each of cases) {
          suite.it(each.name, () => runCase(each, setup), 60_000);
        }
      });
    }
  });
}
