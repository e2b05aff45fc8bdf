import { describe, expect, it } from "vitest";
import { ModelError } from "../../errors/model-error.js";
import type { ModelEvent } from "../../model/model.js";
import { describeModel } from "./describe-model.js";
import { replyGroup } from "./groups/reply-cases.js";
import { memory } from "../../../test/memory-model.js";
import type { ModelTopic } from "./model-topic.js";
import type { ModelSetup } from "./model-under-test.js";
import { runCase } from "./run-case.js";

type Tests = Map<string, () => Promise<void>>;

/** Takes the suite's tests instead of running them. */
function capture(setup: ModelSetup, without?: readonly ModelTopic[]): Tests {
  const path: string[] = [];
  const tests: Tests = new Map();
  describeModel("Captured", setup, {
    suite: {
      describe(name, body) {
        path.push(name);
        body();
        path.pop();
      },
      it: (name, body) => void tests.set([...path.slice(1), name].join(" > "), body),
    },
    ...(without ? { without } : {}),
  });
  return tests;
}

/** The message with which a test fails. */
async function failureOf(setup: ModelSetup, name: string): Promise<string | undefined> {
  const test = capture(setup).get(name);
  if (!test) throw new Error(`The suite has no test "${name}".`);
  return test().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

describeModel("a sound model", memory(), { suite: { describe, it } });

it("leaves out the tests of what is lacking", () => {
  const all = [...capture(memory()).keys()];
  const some = [...capture(memory(), ["refusals", "stop"]).keys()];
  expect(all.filter((name) => !some.includes(name)).length).toBeGreaterThan(10);
  expect(some.filter((name) => /> status|stop strings/.test(name))).toEqual([]);
});

it("fails where a hook lacks that was not named", async () => {
  const lacking: ModelSetup = async (options) => {
    const subject = await memory()(options);
    return { ...subject, requests: [], openAnswers: 0, refuse: undefined as never };
  };
  expect(await failureOf(lacking, "failures > status 401 is model-authentication")).toMatch(
    /the hook refuse.*"refusals"/,
  );
});

/** A model that streams something else. */
const streams = (change: (events: AsyncIterable<ModelEvent>) => AsyncIterable<ModelEvent>) =>
  memory((model) => ({ generate: (request) => change(model.generate(request)) }));

/** A model that ends differently when it fails. */
const fails = (change: (error: unknown) => AsyncIterable<ModelEvent>) =>
  streams(async function* (events) {
    try {
      yield* events;
    } catch (error) {
      yield* change(error);
    }
  });

describe("a broken model", () => {
  const cases: [what: string, test: string, setup: ModelSetup, message: RegExp][] = [
    [
      "finishes twice",
      "replies > joins to the whole text",
      streams(async function* (events) {
        yield* events;
        yield { type: "finish", reason: "stop" };
      }),
      /finish/,
    ],
    [
      "finishes never",
      "replies > joins to the whole text",
      streams(async function* (events) {
        for await (const event of events) if (event.type !== "finish") yield event;
      }),
      /finish/,
    ],
    [
      "loses text",
      "replies > keeps characters whole however their bytes arrive",
      streams(async function* (events) {
        for await (const event of events) {
          yield event.type === "text" ? { ...event, text: event.text.replace("👩", "") } : event;
        }
      }),
      /pieces of 1/,
    ],
    [
      "estimates tokens",
      "replies > estimates no tokens",
      streams(async function* (events) {
        for await (const event of events) {
          yield event.type === "finish" ? { ...event, usage: { inputTokens: 1 } } : event;
        }
      }),
      /tokens/,
    ],
    [
      "drops tokens",
      "replies > reports cached tokens as part of the input",
      streams(async function* (events) {
        for await (const event of events) {
          yield event.type === "finish" ? { type: "finish", reason: "stop" } : event;
        }
      }),
      /usage/,
    ],
    [
      "leaves a listener on the signal",
      "replies > leaves nothing on the signal",
      memory((model) => ({
        generate(request) {
          request.signal?.addEventListener("abort", () => {});
          return model.generate(request);
        },
      })),
      /listeners/,
    ],
    [
      "ignores stop strings",
      "stop strings > end the text across pieces",
      memory((model) => ({ generate: ({ stop: _, ...request }) => model.generate(request) })),
      /text/,
    ],
    [
      "sends an aborted request",
      "abort > before the request sends nothing",
      memory((model) => ({ generate: ({ signal: _, ...request }) => model.generate(request) })),
      /answered/,
    ],
    [
      "does not notice an abort",
      "abort > in the middle of the reply ends the request",
      memory((model) => ({ generate: ({ signal: _, ...request }) => model.generate(request) })),
      /failure did not settle/,
    ],
    [
      "throws an error of its own when aborted",
      "abort > between two events gives out no more of them",
      memory((model) => ({
        async *generate({ signal, ...request }) {
          for await (const event of model.generate(request)) {
            yield event;
            if (signal?.aborted) throw new Error("aborted");
          }
        },
      })),
      /instead of the signal's reason/,
    ],
    [
      "retries",
      "failures > status 429 is model-rate-limit",
      memory((model) => ({
        async *generate(request) {
          try {
            yield* model.generate(request);
          } catch {
            yield* model.generate(request);
          }
        },
      })),
      /never retries/,
    ],
    [
      "maps a status to another code",
      "failures > status 401 is model-authentication",
      // oxlint-disable-next-line require-yield -- It fails before.
      fails(async function* () {
        throw new ModelError("model-server", "Oops");
      }),
      /model-server/,
    ],
    [
      "hides the server's words",
      "failures > status 404 is model-not-found",
      // oxlint-disable-next-line require-yield -- It fails before.
      fails(async function* () {
        throw new ModelError("model-not-found", "Oops", { status: 404 });
      }),
      /words of the server/,
    ],
    [
      "forgets how long to wait",
      "failures > tell how long the server asks to wait",
      // oxlint-disable-next-line require-yield -- It fails before.
      fails(async function* () {
        throw new ModelError("model-rate-limit", "Oops");
      }),
      /retryAfterMs/,
    ],
    [
      "ends a truncated stream as if it were whole",
      "failures > a stream without its end",
      fails(async function* () {
        yield { type: "finish", reason: "other" };
      }),
      /had to fail/,
    ],
    [
      "repeats what it streamed before a failure",
      "failures > a connection that breaks in the reply",
      streams(async function* (events) {
        for await (const event of events) {
          yield event;
          yield event;
        }
      }),
      /halfhalf/,
    ],
    [
      "waits for ever",
      "failures > an API that falls silent",
      (options) => memory()({ ...options, idleTimeoutMs: 1_000_000 }),
      /failure did not settle/,
    ],
    [
      "throws what is no ModelError",
      "failures > tell a request that is larger than the context window",
      // oxlint-disable-next-line require-yield -- It fails before.
      fails(async function* () {
        throw new Error("too long");
      }),
      /expected a ModelError/,
    ],
    [
      "keeps a failure",
      "failures > do not keep the request after a refusal from being answered",
      memory((model) => {
        let failure: Error | undefined;
        return {
          async *generate(request) {
            if (failure) throw failure;
            try {
              yield* model.generate(request);
            } catch (error) {
              failure = error as Error;
              throw error;
            }
          },
        };
      }),
      /Oops/,
    ],
    [
      "forgets its provider data",
      "conversations > give provider data back, also after they were stored",
      streams(async function* (events) {
        for await (const event of events) {
          yield event.type === "text" ? { type: "text", text: event.text } : event;
        }
      }),
      /signature/,
    ],
    [
      "sends provider data of others",
      "conversations > take no harm from provider data of other models",
      memory((_model, api) => {
        api.isOwn = () => true;
        return {};
      }),
      /foreign/,
    ],
    [
      "does not see",
      "conversations > show images",
      memory((model) => ({
        generate: (request) => model.generate({ ...request, messages: [] }),
      })),
      /request/,
    ],
  ];
  it.concurrent.each(cases)(
    "that %s fails",
    async (_what, test, setup, message) => {
      expect(await failureOf(setup, test)).toMatch(message);
    },
    60_000,
  );
});

describe("what is left over", () => {
  const [reply] = replyGroup.cases;

  it("may be no request", async () => {
    const setup = memory((model, api) => ({
      generate(request) {
        api.openAnswers++;
        return model.generate(request);
      },
    }));
    await expect(reply && runCase(reply, setup, 50)).rejects.toThrow(/end of every request/);
  });

  it("may be no rejection that nobody handles", async () => {
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    try {
      const setup = memory((model) => ({
        generate(request) {
          void Promise.reject(new Error("forgotten"));
          return model.generate(request);
        },
      }));
      await expect(reply && runCase(reply, setup)).rejects.toThrow(/forgotten/);
      expect(process.listeners("unhandledRejection")).toEqual([]);
    } finally {
      for (const listener of others) process.on("unhandledRejection", listener);
    }
  });
});
