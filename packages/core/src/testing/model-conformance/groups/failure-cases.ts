import type { ModelErrorCode } from "../../../errors/error-code.js";
import { check, checkEqual, checkIncludes } from "../../executor-conformance/assertions.js";
import type { ModelCase, ModelCaseGroup } from "../model-case.js";
import type { ModelFault } from "../model-under-test.js";
import { answer, modelErrorOf, textOf } from "../requests.js";

function statusCase(status: number, code: ModelErrorCode, retryable: boolean): ModelCase {
  return {
    name: `status ${status} is ${code}`,
    needs: ["refusals"],
    async run(subject) {
      const message = "These are the words of the server.";
      subject.refuse({ status, message });
      const error = await modelErrorOf(subject.model, [code]);
      checkEqual([error.status, error.retryable], [status, retryable], "status and retryable");
      checkIncludes(error.message, message, "message");
      checkEqual(subject.requests.length, 1, "requests, as an adapter never retries");
    },
  };
}

function faultCase(
  name: string,
  fault: ModelFault,
  after: readonly string[],
  ...codes: readonly ModelErrorCode[]
): ModelCase {
  return {
    name,
    needs: fault === "stall" ? ["stalls", "timeouts"] : ["faults"],
    ...(fault === "stall" ? { idleTimeoutMs: 1_000 } : {}),
    async run(subject) {
      subject.fault(fault, after);
      const error = await modelErrorOf(subject.model, codes, after.join(""));
      checkEqual(error.retryable, true, "retryable");
      // On a busy machine the time may be over before the API has seen the request.
      check(subject.requests.length <= 1, "the request was sent again");
    },
  };
}

const overload = ["model-overloaded", "model-server"] as const;
const missingEnd = ["model-connection", "model-invalid-response"] as const;

/** Everything that can go wrong. */
export const failureGroup: ModelCaseGroup = {
  name: "failures",
  cases: [
    statusCase(400, "model-invalid-request", false),
    statusCase(401, "model-authentication", false),
    statusCase(403, "model-permission", false),
    statusCase(404, "model-not-found", false),
    statusCase(408, "model-timeout", true),
    statusCase(413, "model-request-too-large", false),
    statusCase(429, "model-rate-limit", true),
    statusCase(500, "model-server", true),
    statusCase(503, "model-overloaded", true),
    {
      name: "tell how long the server asks to wait",
      needs: ["refusals"],
      async run(subject) {
        subject.refuse({ status: 429, headers: { "retry-after": "2" }, message: "Slow down." });
        const error = await modelErrorOf(subject.model, ["model-rate-limit"]);
        checkEqual(error.retryAfterMs, 2_000, "retryAfterMs");
      },
    },
    {
      name: "tell a request that is larger than the context window",
      needs: ["overflow"],
      async run(subject) {
        subject.overflow();
        const error = await modelErrorOf(subject.model, ["context-overflow"]);
        checkEqual(error.retryable, false, "retryable");
      },
    },
    faultCase("an error within the stream", "error", ["half"], ...overload),
    faultCase("an error as the stream's first event", "error", [], ...overload),
    faultCase("a malformed stream", "malformed", ["half"], "model-invalid-response"),
    faultCase("a stream that is malformed at once", "malformed", [], "model-invalid-response"),
    faultCase("a stream without its end", "truncate", ["half"], ...missingEnd),
    faultCase("a stream of nothing", "truncate", [], ...missingEnd),
    faultCase("a connection that breaks in the reply", "reset", ["half"], "model-connection"),
    faultCase("a connection that breaks before the reply", "reset", [], "model-connection"),
    faultCase("an API that falls silent", "stall", ["half"], "model-timeout"),
    faultCase("an API that never answers", "stall", [], "model-timeout"),
    {
      name: "do not keep the request after a refusal from being answered",
      needs: ["refusals"],
      async run(subject) {
        const { model } = subject;
        subject.refuse({ status: 500, message: "Oops." });
        await modelErrorOf(model, ["model-server"]);
        subject.reply({ text: ["well again"] });
        checkEqual(textOf(await answer(model)), "well again", "text");
      },
    },
    {
      name: "do not keep the request after a broken connection from being answered",
      needs: ["faults"],
      async run(subject) {
        const { model } = subject;
        subject.fault("reset", ["half"]);
        await modelErrorOf(model, ["model-connection"], "half");
        subject.reply({ text: ["well again"] });
        checkEqual(textOf(await answer(model)), "well again", "text");
      },
    },
  ],
};
