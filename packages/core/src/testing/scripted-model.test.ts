import { describe, expect, it } from "vitest";
import { CodeActError } from "../errors/codeact-error.js";
import { ModelError } from "../errors/model-error.js";
import type { Model, ModelEvent, ModelRequest } from "../model/model.js";
import { ScriptedModel } from "./scripted-model.js";

function request(text = "hello", signal?: AbortSignal): ModelRequest {
  return {
    messages: [{ role: "user", content: [{ type: "text", text }] }],
    ...(signal ? { signal } : {}),
  };
}

async function collect(model: Model, given = request()): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of model.generate(given)) events.push(event);
  return events;
}

function textOf(events: readonly ModelEvent[], type: "text" | "reasoning" = "text"): string {
  return events.map((event) => (event.type === type ? event.text : "")).join("");
}

describe("ScriptedModel", () => {
  it("plays replies in order, each ended by one finish", async () => {
    const model = new ScriptedModel(["one", "two"]);
    const first = await collect(model);
    const second = await collect(model);
    expect(textOf(first)).toBe("one");
    expect(textOf(second)).toBe("two");
    expect(first.filter((event) => event.type === "finish")).toEqual([
      { type: "finish", reason: "stop" },
    ]);
    expect(first.at(-1)?.type).toBe("finish");
    expect(() => model.assertDone()).not.toThrow();
  });

  it("takes replies in the order of the calls, not of the first reads", async () => {
    const model = new ScriptedModel(["one", "two"]);
    const first = model.generate(request());
    const second = model.generate(request());
    const read = async (stream: AsyncIterable<ModelEvent>) => {
      const events: ModelEvent[] = [];
      for await (const event of stream) events.push(event);
      return textOf(events);
    };
    const secondText = await read(second);
    expect([await read(first), secondText]).toEqual(["one", "two"]);
  });

  it("serves concurrent requests", async () => {
    const texts = Array.from({ length: 50 }, (_, index) => `reply ${index} `.repeat(20));
    const model = new ScriptedModel(texts);
    const streams = await Promise.all(texts.map(() => collect(model)));
    expect(streams.map((events) => textOf(events))).toEqual(texts);
  });

  it("throws on a request too many and shows its last message", async () => {
    const model = new ScriptedModel(["only"]);
    await collect(model);
    const error: unknown = await collect(model, request("the surplus one")).catch((e) => e);
    expect(CodeActError.isInstance(error) && error.code).toBe("script");
    expect(String(error)).toMatch(/1 reply\b/);
    expect(String(error)).toContain("the surplus one");
    expect(model.requests).toHaveLength(2);
  });

  it("reports unused replies", async () => {
    const model = new ScriptedModel(["one", "two", "three"]);
    await collect(model);
    expect(model.unusedReplies).toEqual(["two", "three"]);
    expect(() => model.assertDone()).toThrow(/2 of 3 .*"two"/);
  });

  it("snapshots requests deeply and without the signal", async () => {
    const model = new ScriptedModel(["one"]);
    const content = [{ type: "text" as const, text: "before" }];
    const messages = [{ role: "user" as const, content }];
    await collect(model, { messages, stop: ["</x>"], signal: new AbortController().signal });
    content.push({ type: "text", text: "after" });
    messages.length = 0;
    expect(model.requests).toEqual([
      {
        messages: [{ role: "user", content: [{ type: "text", text: "before" }] }],
        stop: ["</x>"],
      },
    ]);
  });

  it("cuts texts into 1 to 7 code units and splits surrogate pairs", async () => {
    const text = "a🙂b\r\n".repeat(200);
    const events = await collect(new ScriptedModel([text]));
    const pieces = events.flatMap((event) => (event.type === "text" ? [event.text] : []));
    expect(pieces.join("")).toBe(text);
    expect(new Set(pieces.slice(0, -1).map((piece) => piece.length))).toEqual(
      new Set([1, 2, 3, 4, 5, 6, 7]),
    );
    expect(pieces.some((piece) => /[\ud800-\udbff]$/.test(piece))).toBe(true);
  });

  it("cuts the same way for the same seed and request number, another way else", async () => {
    const text = "x".repeat(300);
    const sizes = async (model: ScriptedModel) =>
      (await collect(model)).map((event) => (event.type === "text" ? event.text.length : 0));
    const twice = new ScriptedModel([text, text]);
    const first = await sizes(twice);
    expect(await sizes(new ScriptedModel([text]))).toEqual(first);
    expect(await sizes(twice)).not.toEqual(first);
    expect(await sizes(new ScriptedModel([text], { seed: 7 }))).not.toEqual(first);
  });

  it.each([
    [3, ["abc", "def", "g"]],
    [Number.POSITIVE_INFINITY, ["abcdefg"]],
  ])("cuts by a chunk size of %s", async (chunkSize, expected) => {
    for (const model of [
      new ScriptedModel(["abcdefg"], { chunkSize }),
      new ScriptedModel([{ text: "abcdefg", chunkSize }]),
    ]) {
      const events = await collect(model);
      expect(events.flatMap((event) => (event.type === "text" ? [event.text] : []))).toEqual(
        expected,
      );
    }
  });

  it("streams reasoning, text and tool calls with their provider data", async () => {
    const model = new ScriptedModel(
      [
        {
          reasoning: "think",
          reasoningProviderData: { signature: "r" },
          text: "say",
          providerData: { signature: "t" },
          toolCalls: [
            { name: "run", arguments: { code: "1" }, providerData: 1 },
            { name: "run", arguments: "{broken", toolCallId: "mine" },
          ],
        },
      ],
      { chunkSize: 4 },
    );
    expect(await collect(model)).toEqual([
      { type: "reasoning", text: "thin" },
      { type: "reasoning", text: "k", providerData: { signature: "r" } },
      { type: "text", text: "say", providerData: { signature: "t" } },
      {
        type: "tool-call",
        toolCallId: "call_0_0",
        name: "run",
        arguments: '{"code":"1"}',
        providerData: 1,
      },
      { type: "tool-call", toolCallId: "mine", name: "run", arguments: "{broken" },
      { type: "finish", reason: "tool-calls" },
    ]);
  });

  it("reports usage only where it was given", async () => {
    const usage = { inputTokens: 10, outputTokens: 2 };
    const silent = new ScriptedModel(["a"]);
    expect(silent.capabilities.usage).toBe(false);
    expect((await collect(silent)).at(-1)).toEqual({ type: "finish", reason: "stop" });
    const model = new ScriptedModel(["a", { text: "b", usage: { inputTokens: 1 } }], { usage });
    expect(model.capabilities.usage).toBe(true);
    expect((await collect(model)).at(-1)).toEqual({ type: "finish", reason: "stop", usage });
    expect((await collect(model)).at(-1)).toEqual({
      type: "finish",
      reason: "stop",
      usage: { inputTokens: 1 },
    });
  });

  it("takes overrides of single capabilities", () => {
    const model = new ScriptedModel([], { capabilities: { images: false }, id: "mine" });
    expect(model.capabilities).toMatchObject({ images: false, tools: true });
    expect(model.id).toBe("mine");
  });

  it("calls functions with the request and its number", async () => {
    const model = new ScriptedModel([
      "first",
      async (given, index) => ({
        text: `${index}:${given.messages.length}`,
        finishReason: "length",
      }),
    ]);
    await collect(model);
    const events = await collect(model);
    expect(textOf(events)).toBe("1:1");
    expect(events.at(-1)).toEqual({ type: "finish", reason: "length" });
  });

  it.each([
    [undefined, ""],
    [0, ""],
    [4, "abcd"],
    [Number.POSITIVE_INFINITY, "abcdefgh"],
  ])("throws the error after %s code units", async (errorAfter, sent) => {
    const error = new ModelError("model-server", "scripted");
    const model = new ScriptedModel(
      [{ text: "abcdefgh", error, ...(errorAfter === undefined ? {} : { errorAfter }) }],
      { chunkSize: 2 },
    );
    const events: ModelEvent[] = [];
    const run = async () => {
      for await (const event of model.generate(request())) events.push(event);
    };
    await expect(run()).rejects.toBe(error);
    expect(textOf(events)).toBe(sent);
    expect(events.some((event) => event.type === "finish")).toBe(false);
    expect(model.openStreams).toBe(0);
  });

  it("waits for its gate at the given place", async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const model = new ScriptedModel([{ text: "abcd", gate, waitAfter: 2, chunkSize: 1 }]);
    const stream = model.generate(request())[Symbol.asyncIterator]();
    await stream.next();
    await stream.next();
    let settled = false;
    const third = stream.next().then((result) => {
      settled = true;
      return result;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(false);
    open();
    expect((await third).value).toEqual({ type: "text", text: "c" });
  });

  it("throws the signal's reason before, within and while waiting", async () => {
    const reason = new Error("enough");
    const before = new ScriptedModel(["a"]);
    await expect(collect(before, request("x", AbortSignal.abort(reason)))).rejects.toBe(reason);

    const controller = new AbortController();
    const within = new ScriptedModel(["abcdef"], { chunkSize: 1 });
    const seen: ModelEvent[] = [];
    const run = async () => {
      for await (const event of within.generate(request("x", controller.signal))) {
        seen.push(event);
        if (seen.length === 2) controller.abort(reason);
      }
    };
    await expect(run()).rejects.toBe(reason);
    expect(seen).toHaveLength(2);

    for (const waiting of [
      new ScriptedModel([{ text: "a", gate: new Promise(() => {}) }]),
      new ScriptedModel([{ text: "a", delayMs: 1_000_000 }]),
      new ScriptedModel([() => new Promise<string>(() => {})]),
    ]) {
      const abort = new AbortController();
      const pending = collect(waiting, request("x", abort.signal));
      setTimeout(() => abort.abort(reason), 5);
      await expect(pending).rejects.toBe(reason);
      expect(waiting.openStreams).toBe(0);
    }
  });

  it("counts a stream that is given up as closed", async () => {
    const model = new ScriptedModel(["abcdef"], { chunkSize: 1 });
    for await (const event of model.generate(request())) {
      expect(event.type).toBe("text");
      expect(model.openStreams).toBe(1);
      break;
    }
    expect(model.openStreams).toBe(0);
  });
});
