import { afterEach, describe, expect, it } from "vitest";
import { ask, collect, textOf } from "../../test/collect.js";
import {
  delta,
  finish,
  LoopbackServer,
  type LoopbackReply,
  says,
  usage,
} from "../../test/loopback-openai-server.js";
import { OpenAIModel, type OpenAIModelOptions } from "./openai-model.js";

let server: LoopbackServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(
  reply: LoopbackReply,
  options: Partial<OpenAIModelOptions> = {},
): Promise<OpenAIModel> {
  server = await LoopbackServer.start(reply);
  return new OpenAIModel({ model: "m", baseURL: server.baseURL, apiKey: "key-1234", ...options });
}

describe("a plain answer", () => {
  it("streams the text and finishes once with usage", async () => {
    const model = await serve(says("Hel", "lo"));
    expect(await collect(model)).toEqual([
      { type: "text", text: "Hel" },
      { type: "text", text: "lo" },
      { type: "finish", reason: "stop", usage: { inputTokens: 7, outputTokens: 3 } },
    ]);
  });

  it("sends the key, the headers and a streaming request", async () => {
    const model = await serve(says("x"), { headers: { "x-tenant": "blue" } });
    await collect(model, ask("Hi"));
    const [request] = server?.requests ?? [];
    expect(request?.path).toBe("/v1/chat/completions");
    expect(request?.headers).toMatchObject({
      authorization: "Bearer key-1234",
      "x-tenant": "blue",
      "x-stainless-retry-count": "0",
    });
    expect(request?.body).toEqual({
      model: "m",
      messages: [{ role: "user", content: "Hi" }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it("sends sampling options, the request's before the model's", async () => {
    const model = await serve(says("x"), {
      temperature: 0.1,
      seed: 1,
      maxOutputTokens: 10,
      extraBody: { reasoning_effort: "low" },
    });
    await collect(model, ask("Hi", { temperature: 0.9, stop: ["A", "B", "C", "D", "E", ""] }));
    expect(server?.requests[0]?.body).toMatchObject({
      temperature: 0.9,
      seed: 1,
      max_tokens: 10,
      reasoning_effort: "low",
      stop: ["A", "B", "C", "D"],
    });
  });

  it.each([1, 2, 3, 7, 1000])("does not mind pieces of %i bytes", async (pieceBytes) => {
    const text = "naïve 😀 日本語 \u0000 </execute>\r\n";
    const model = await serve({ ...says(...Array.from(text)), pieceBytes });
    const events = await collect(model);
    expect(textOf(events)).toBe(text);
    expect(events.filter((event) => event.type === "finish")).toHaveLength(1);
    expect(events.at(-1)?.type).toBe("finish");
  });

  it("carries a megabyte each way", async () => {
    const text = "0123456789abcdeé".repeat(65_536);
    const model = await serve({ ...says(text), pieceBytes: 16_384 });
    expect(textOf(await collect(model, ask(text)))).toBe(text);
    expect(server?.requests[0]?.body.messages[0].content).toBe(text);
  });

  it("reports no usage where the server reports none", async () => {
    const model = await serve({ events: [delta({ content: "x" }), finish()] });
    expect(await collect(model)).toEqual([
      { type: "text", text: "x" },
      { type: "finish", reason: "stop" },
    ]);
  });

  it("serves many requests at once", async () => {
    const model = await serve(says("a", "b", "c"));
    const all = await Promise.all(Array.from({ length: 50 }, () => collect(model)));
    expect(all.map(textOf)).toEqual(Array.from({ length: 50 }, () => "abc"));
  });

  it("uses its connections again", async () => {
    const model = await serve(says("x"));
    for (let count = 0; count < 10; count++) await collect(model);
    expect(server?.connections).toBeLessThanOrEqual(3);
  });
});

describe("the dialects of compatible servers", () => {
  const cases: { name: string; events: unknown[]; done?: boolean; expected: unknown[] }[] = [
    {
      name: "comments, empty deltas, nulls and unknown members",
      events: [
        delta({ role: "assistant", content: "" }),
        { choices: [], usage: null, x: { y: 1 } },
        delta({ content: "a", tool_calls: null, refusal: null }),
        { choices: [{ index: 0, delta: null, finish_reason: "stop" }], usage: null },
      ],
      expected: [
        { type: "text", text: "a" },
        { type: "finish", reason: "stop" },
      ],
    },
    {
      name: "a stream that ends without [DONE]",
      events: [delta({ content: "a" }), finish("length")],
      done: false,
      expected: [
        { type: "text", text: "a" },
        { type: "finish", reason: "length" },
      ],
    },
    {
      name: "[DONE] without a finish reason",
      events: [delta({ content: "a" })],
      expected: [
        { type: "text", text: "a" },
        { type: "finish", reason: "other" },
      ],
    },
    {
      name: "only the first of several choices",
      events: [
        { choices: [{ index: 1, delta: { content: "no" } }] },
        { choices: [{ index: 0, delta: { content: "yes" }, finish_reason: "stop" }] },
      ],
      expected: [
        { type: "text", text: "yes" },
        { type: "finish", reason: "stop" },
      ],
    },
    {
      name: "Mistral's content parts",
      events: [
        delta({
          content: [
            { type: "thinking", thinking: [{ type: "text", text: "hm" }] },
            { type: "text", text: "yes" },
          ],
        }),
        finish("model_length"),
      ],
      expected: [
        { type: "reasoning", text: "hm" },
        { type: "text", text: "yes" },
        { type: "finish", reason: "length" },
      ],
    },
    {
      name: "a refusal",
      events: [delta({ refusal: "I can't." }), finish()],
      expected: [
        { type: "text", text: "I can't." },
        { type: "finish", reason: "content-filter" },
      ],
    },
    ...(["reasoning_content", "reasoning"] as const).map((field) => ({
      name: `reasoning in ${field}`,
      events: [
        delta({ [field]: "so " }),
        delta({ [field]: "what" }),
        delta({ content: "yes" }),
        finish(),
      ],
      expected: [
        { type: "reasoning", text: "so " },
        { type: "reasoning", text: "what" },
        {
          type: "reasoning",
          text: "",
          providerData: { api: "chat-completions", field, details: [] },
        },
        { type: "text", text: "yes" },
        { type: "finish", reason: "stop" },
      ],
    })),
    {
      name: "usage with caches and reasoning",
      events: [
        delta({ content: "a" }),
        finish(),
        usage(10, 5, {
          total_tokens: 15,
          prompt_tokens_details: { cached_tokens: 4 },
          completion_tokens_details: { reasoning_tokens: 3 },
        }),
      ],
      expected: [
        { type: "text", text: "a" },
        {
          type: "finish",
          reason: "stop",
          usage: { inputTokens: 10, outputTokens: 5, cachedInputTokens: 4, reasoningTokens: 3 },
        },
      ],
    },
    {
      name: "usage that counts reasoning beside the completion",
      events: [
        delta({ content: "a" }),
        finish(),
        usage(10, 5, { total_tokens: 18, completion_tokens_details: { reasoning_tokens: 3 } }),
      ],
      expected: [
        { type: "text", text: "a" },
        {
          type: "finish",
          reason: "stop",
          usage: { inputTokens: 10, outputTokens: 8, reasoningTokens: 3 },
        },
      ],
    },
    {
      name: "no output at all",
      events: [finish()],
      expected: [{ type: "finish", reason: "stop" }],
    },
  ];
  it.each(cases)("understands $name", async ({ events, done = true, expected }) => {
    const model = await serve({ events, done });
    expect(await collect(model)).toEqual(expected);
  });

  it("does not wait for a body that never ends after [DONE]", async () => {
    const model = await serve({ ...says("x"), ending: "stall" });
    expect(textOf(await collect(model))).toBe("x");
    expect(await server?.requests[0]?.cutShort).toBe(true);
  });

  it("keeps a finished message whose connection breaks before the usage", async () => {
    const model = await serve({
      events: [delta({ content: "x" }), finish()],
      done: false,
      ending: "destroy",
    });
    expect(await collect(model)).toEqual([
      { type: "text", text: "x" },
      { type: "finish", reason: "stop" },
    ]);
  });
});

describe("tool calls", () => {
  const call = (fields: Record<string, unknown>) => delta({ tool_calls: [fields] });
  const cases: {
    name: string;
    events: unknown[];
    expected: [string | RegExp, string, string][];
  }[] = [
    {
      name: "streamed arguments of two calls",
      events: [
        call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "" } }),
        call({ index: 0, function: { arguments: '{"x"' } }),
        call({ index: 1, id: "b", function: { name: "g", arguments: "{}" } }),
        call({ index: 0, function: { arguments: ":1}" } }),
      ],
      expected: [
        ["a", "f", '{"x":1}'],
        ["b", "g", "{}"],
      ],
    },
    {
      name: "ids that are missing",
      events: [
        call({ index: 0, function: { name: "f", arguments: "{}" } }),
        call({ index: 1, function: { name: "g", arguments: "{}" } }),
      ],
      expected: [
        [/^call_\w{12}$/, "f", "{}"],
        [/^call_\w{12}$/, "g", "{}"],
      ],
    },
    {
      name: "indexes that are missing",
      events: [
        call({ id: "a", function: { name: "f", arguments: '{"x":' } }),
        call({ function: { arguments: "1}" } }),
        call({ id: "b", function: { name: "g", arguments: "{}" } }),
      ],
      expected: [
        ["a", "f", '{"x":1}'],
        ["b", "g", "{}"],
      ],
    },
    {
      name: "one index for all calls",
      events: [
        call({ index: 0, id: "a", function: { name: "f", arguments: "{}" } }),
        call({ index: 0, id: "b", function: { name: "f", arguments: "{}" } }),
      ],
      expected: [
        ["a", "f", "{}"],
        ["b", "f", "{}"],
      ],
    },
    {
      name: "neither index nor id",
      events: [
        call({ function: { name: "f", arguments: { x: 1 } } }),
        call({ function: { name: "f", arguments: { x: 2 } } }),
      ],
      expected: [
        [/^call_/, "f", '{"x":1}'],
        [/^call_/, "f", '{"x":2}'],
      ],
    },
    {
      name: "malformed arguments, as they are",
      events: [call({ index: 0, id: "a", function: { name: "f", arguments: '{"x": oops' } })],
      expected: [["a", "f", '{"x": oops']],
    },
  ];
  it.each(cases)("collects $name", async ({ events, expected }) => {
    const model = await serve({ events: [...events, finish("tool_calls")] });
    const collected = await collect(model);
    const calls = collected.filter((event) => event.type === "tool-call");
    expect(calls.map((event) => [event.toolCallId, event.name, event.arguments])).toEqual(
      expected.map(([id, ...rest]) => [
        typeof id === "string" ? id : expect.stringMatching(id),
        ...rest,
      ]),
    );
    expect(new Set(calls.map((event) => event.toolCallId)).size).toBe(calls.length);
    expect(collected.at(-1)).toEqual({ type: "finish", reason: "tool-calls" });
  });

  it('reads "stop" after a tool call as tool calls, and declares the tools', async () => {
    const model = await serve({
      events: [
        call({ index: 0, id: "a", function: { name: "f", arguments: "{}" } }),
        finish("stop"),
      ],
    });
    const tools = [{ name: "f", description: "Does.", inputSchema: { type: "object" } }];
    expect((await collect(model, ask("x", { tools }))).at(-1)).toMatchObject({
      reason: "tool-calls",
    });
    expect(server?.requests[0]?.body.tools).toEqual([
      {
        type: "function",
        function: { name: "f", description: "Does.", parameters: { type: "object" } },
      },
    ]);
  });

  it("keeps what a provider adds to a call", async () => {
    const extra = { google: { thought_signature: "abc" } };
    const model = await serve({
      events: [
        call({ index: 0, id: "a", function: { name: "f", arguments: "{}" }, extra_content: extra }),
        finish("tool_calls"),
      ],
    });
    expect((await collect(model))[0]).toMatchObject({
      type: "tool-call",
      providerData: { api: "chat-completions", extraContent: extra },
    });
  });
});
