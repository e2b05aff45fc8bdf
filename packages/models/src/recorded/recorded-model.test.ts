import { CodeActError, ModelError, type ModelEvent, type ModelRequest } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { describe, expect, it } from "vitest";
import { ask, collect, failure, textOf } from "../../test/collect.js";
import type { RecordedExchange } from "./exchange.js";
import { recordModel } from "./record-model.js";
import { RecordedModel } from "./recorded-model.js";

/** Records the requests one after the other; failures too. */
async function recorded(
  replies: ConstructorParameters<typeof ScriptedModel>[0],
  requests: ModelRequest[],
): Promise<{ exchanges: RecordedExchange[]; outcomes: unknown[] }> {
  const exchanges: RecordedExchange[] = [];
  const model = recordModel(new ScriptedModel(replies), { exchanges });
  const outcomes: unknown[] = [];
  for (const request of requests) {
    outcomes.push(await collect(model, request).catch((error: unknown) => error));
  }
  return { exchanges, outcomes };
}

describe("replay in sequence", () => {
  it("gives the same events, usage included, whatever is asked", async () => {
    const { exchanges, outcomes } = await recorded(
      [
        { text: "one", usage: { inputTokens: 3, outputTokens: 1 } },
        { reasoning: "hm", text: "two", reasoningProviderData: { s: 1 } },
        { toolCalls: [{ name: "f", arguments: { x: 1 } }] },
      ],
      [ask("a"), ask("b"), ask("c")],
    );
    const model = new RecordedModel({ exchanges });
    const replayed = [await collect(model), await collect(model), await collect(model)];
    expect(replayed).toEqual(outcomes);
    model.assertDone();
  });

  it("throws at a surplus request", async () => {
    const { exchanges } = await recorded(["one"], [ask()]);
    const model = new RecordedModel({ exchanges });
    await collect(model);
    expect(await failure(collect(model))).toMatchObject({
      code: "script",
      message: expect.stringContaining("all 1 recorded"),
    });
  });

  it("tells what was not used", async () => {
    const { exchanges } = await recorded(["one", "two"], [ask(), ask()]);
    const model = new RecordedModel({ exchanges });
    await collect(model);
    expect(model.unusedExchanges).toEqual([exchanges[1]]);
    expect(() => model.assertDone()).toThrowError(expect.objectContaining({ code: "script" }));
  });

  it("gives concurrent requests one exchange each", async () => {
    const { exchanges } = await recorded(
      ["0", "1", "2", "3"],
      Array(4).fill(ask()) as ModelRequest[],
    );
    const model = new RecordedModel({ exchanges });
    const all = await Promise.all(exchanges.map(() => collect(model)));
    expect(all.map(textOf)).toEqual(["0", "1", "2", "3"]);
  });
});

describe("replay by request", () => {
  const conversation = (id: string, text = "go"): ModelRequest => ({
    messages: [
      { role: "user", content: [{ type: "text", text }] },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm", providerData: { signature: id } },
          { type: "tool-call", toolCallId: id, name: "f", arguments: "{}" },
        ],
      },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId: id,
            name: "f",
            content: [{ type: "text", text: "1" }],
          },
        ],
      },
    ],
  });

  it("finds exchanges in any order", async () => {
    const { exchanges } = await recorded(["A", "B"], [ask("a"), ask("b")]);
    const model = new RecordedModel({ exchanges, match: "request" });
    expect(textOf(await collect(model, ask("b")))).toBe("B");
    expect(textOf(await collect(model, ask("a")))).toBe("A");
  });

  it("gives equal requests their exchanges in order, each once", async () => {
    const { exchanges } = await recorded(["1", "2"], [ask(), ask()]);
    const model = new RecordedModel({ exchanges, match: "request" });
    expect(textOf(await collect(model))).toBe("1");
    expect(textOf(await collect(model))).toBe("2");
    expect(await failure(collect(model))).toMatchObject({ code: "script" });
  });

  it("does not look at ids, provider data and the order of members", async () => {
    const { exchanges } = await recorded(["x"], [conversation("first")]);
    const model = new RecordedModel({ exchanges, match: "request" });
    const { messages } = conversation("second");
    expect(textOf(await collect(model, { tools: [], stop: [], messages }))).toBe("x");
  });

  const changes: [what: string, request: ModelRequest, message: RegExp][] = [
    [
      "a text",
      conversation("c", "stop"),
      /messages\[0\]\.content\[0\]\.text is "stop" instead of "go"/,
    ],
    [
      "a temperature",
      { ...conversation("c"), temperature: 1 },
      /temperature is 1 instead of absent/,
    ],
    ["a stop string", { ...conversation("c"), stop: ["x"] }, /stop\[0\] is "x" instead of absent/],
    [
      "another message",
      { messages: [...conversation("c").messages, ...ask("more").messages] },
      /messages\[3\] is \{.*more.*\} instead of absent/,
    ],
  ];
  it.each(changes)("says that %s differs", async (_what, request, message) => {
    const { exchanges } = await recorded(["x", "y"], [conversation("c"), ask("other")]);
    const model = new RecordedModel({ exchanges, match: "request" });
    const error = await failure(collect(model, request));
    expect(error).toMatchObject({ code: "script", message: expect.stringMatching(message) });
    expect(model.unusedExchanges).toHaveLength(2);
  });

  it("shows where long texts part", async () => {
    const long = "x".repeat(5_000);
    const { exchanges } = await recorded(["x"], [ask(`${long}A`)]);
    const error = await failure(
      collect(new RecordedModel({ exchanges, match: "request" }), ask(`${long}B`)),
    );
    expect(String(error)).toMatch(/text is …"x{20}B" instead of …"x{20}A"/);
    expect(String(error).length).toBeLessThan(500);
  });
});

describe("failures", () => {
  it("are replayed after the events before them", async () => {
    const error = new ModelError("model-rate-limit", "Slow down.", {
      status: 429,
      retryAfterMs: 5,
      retryable: false,
    });
    const { exchanges } = await recorded([{ text: "abc", error, errorAfter: 3 }], [ask()]);
    const events: ModelEvent[] = [];
    const replayed = await failure(
      (async () => {
        for await (const event of new RecordedModel({ exchanges }).generate(ask()))
          events.push(event);
      })(),
    );
    expect(textOf(events)).toBe("abc");
    expect(ModelError.isInstance(replayed)).toBe(true);
    expect(replayed).toMatchObject({
      code: "model-rate-limit",
      message: "Slow down.",
      status: 429,
      retryAfterMs: 5,
      retryable: false,
    });
  });

  it("of other kinds keep their name", async () => {
    const { exchanges } = await recorded([{ error: new RangeError("Odd.") }], [ask()]);
    const error = await failure(collect(new RecordedModel({ exchanges })));
    expect(error).toMatchObject({ name: "RangeError", message: "Odd." });
    expect(CodeActError.isInstance(error)).toBe(false);
  });
});

describe("exchanges that were cut off", () => {
  it("by an abort are recorded as far as they came, and throw if the replay goes on", async () => {
    const exchanges: RecordedExchange[] = [];
    const inner = new ScriptedModel([
      { text: "ab", chunkSize: 1, waitAfter: 1, gate: new Promise<void>(() => {}) },
    ]);
    const model = recordModel(inner, { exchanges });
    const controller = new AbortController();
    const reason = new Error("Enough.");
    const rejection = failure(
      (async () => {
        for await (const event of model.generate(ask("x", { signal: controller.signal }))) {
          expect(event).toEqual({ type: "text", text: "a" });
          queueMicrotask(() => controller.abort(reason));
        }
      })(),
    );
    expect(await rejection).toBe(reason);
    expect(exchanges).toHaveLength(1);
    expect(exchanges[0]?.error).toBeUndefined();
    expect(exchanges[0]?.events).toHaveLength(1);
    expect(await failure(collect(new RecordedModel({ exchanges })))).toMatchObject({
      code: "script",
      message: expect.stringContaining("cut off"),
    });
  });

  it("by a caller that stops reading are recorded too, once", async () => {
    const exchanges: RecordedExchange[] = [];
    const inner = new ScriptedModel([{ text: "ab", chunkSize: 1 }]);
    for await (const _event of recordModel(inner, { exchanges }).generate(ask())) break;
    expect(exchanges.map(({ events }) => events.length)).toEqual([1]);
    expect(inner.openStreams).toBe(0);
  });

  it("are not made by a caller that stops at the finish", async () => {
    const exchanges: RecordedExchange[] = [];
    for await (const event of recordModel(new ScriptedModel(["x"]), { exchanges }).generate(
      ask(),
    )) {
      if (event.type === "finish") break;
    }
    const model = new RecordedModel({ exchanges });
    expect(textOf(await collect(model))).toBe("x");
  });
});

describe("pace", () => {
  const slow: RecordedExchange = {
    version: 1,
    model: { id: "m" },
    request: { messages: [] },
    events: [
      { atMs: 0, event: { type: "text", text: "a" } },
      { atMs: 3_600_000, event: { type: "finish", reason: "stop" } },
    ],
  };

  it("is as fast as possible by default", async () => {
    expect(await collect(new RecordedModel({ exchanges: [slow] }))).toHaveLength(2);
  });

  it("can be a multiple of the recorded one", async () => {
    const start = performance.now();
    await collect(new RecordedModel({ exchanges: [slow], speed: 36_000 }));
    expect(performance.now() - start).toBeGreaterThan(90);
  });

  it("gives way to an abort", async () => {
    const controller = new AbortController();
    const model = new RecordedModel({ exchanges: [slow], speed: 1 });
    const rejection = failure(
      (async () => {
        for await (const _event of model.generate(ask("x", { signal: controller.signal }))) {
          setTimeout(() => controller.abort("now"), 5);
        }
      })(),
    );
    expect(await rejection).toBe("now");
  });
});

describe("the model", () => {
  it("has the id and capabilities of what was recorded", async () => {
    const { exchanges } = await recorded(["x"], [ask()]);
    const model = new RecordedModel({ exchanges });
    expect(model.id).toBe("recorded:scripted");
    expect(model.capabilities).toEqual(new ScriptedModel([]).capabilities);
  });

  it.each([
    { exchanges: [] },
    {
      exchanges: [
        {
          version: 1,
          model: { id: "m" },
          request: { messages: [] },
          events: [],
        } as RecordedExchange,
      ],
      speed: 0,
    },
  ])("refuses what it cannot use", (options) => {
    expect(() => new RecordedModel(options)).toThrowError(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });

  it("records copies", async () => {
    const request = ask("before");
    const { exchanges } = await recorded(["x"], [request]);
    const [part] = request.messages[0]?.content ?? [];
    if (part?.type === "text") part.text = "after";
    expect(JSON.stringify(exchanges)).toContain("before");
    expect(JSON.stringify(exchanges)).not.toContain("after");
  });
});
