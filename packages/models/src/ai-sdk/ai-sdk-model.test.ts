import type { Message, ModelEvent, ModelRequest } from "@codeact/core";
import * as anthropicV2 from "ai-sdk-anthropic-v2";
import * as anthropicV3 from "ai-sdk-anthropic-v3";
import * as anthropicV4 from "ai-sdk-anthropic-v4";
import * as compatibleV3 from "ai-sdk-compatible-v3";
import { afterEach, describe, expect, it } from "vitest";
import { ask, collect, failure, textOf } from "../../test/collect.js";
import { type LoopbackReply, LoopbackServer, says } from "../../test/loopback-openai-server.js";
import { aiSdkModel, type AiSdkModelOptions } from "./ai-sdk-model.js";
import type { AiSdkLanguageModel } from "./language-model.js";
import type { StreamPart } from "./stream-part.js";

let server: LoopbackServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(reply: LoopbackReply = says("x")): Promise<string> {
  server = await LoopbackServer.start(reply);
  return server.baseURL;
}

async function compatible(options?: AiSdkModelOptions, reply?: LoopbackReply) {
  const provider = compatibleV3.createOpenAICompatible({ name: "p", baseURL: await serve(reply) });
  return aiSdkModel(provider("m"), options);
}

const finished: StreamPart = { type: "finish", finishReason: { unified: "stop", raw: "stop" } };

/** A language model that streams these parts. */
function streams(
  parts: readonly unknown[],
  version: AiSdkLanguageModel["specificationVersion"] = "v3",
): AiSdkLanguageModel {
  return {
    specificationVersion: version,
    provider: "made.up",
    modelId: "m",
    doStream: async () => ({
      stream: new ReadableStream({
        start(controller) {
          for (const part of parts) controller.enqueue(part);
          controller.close();
        },
      }),
    }),
  };
}

const eventsOf = (parts: readonly unknown[], request?: ModelRequest): Promise<ModelEvent[]> =>
  collect(aiSdkModel(streams(parts)), request);

describe("a request", () => {
  it("carries its settings, or the model's", async () => {
    const model = await compatible({
      temperature: 0.1,
      seed: 1,
      headers: { "x-team": "blue" },
      providerOptions: { p: { reasoningEffort: "low" } },
    });
    const stop = [" ", "a", "b", "c", "d", "e"];
    await collect(model, ask("Hi", { stop, seed: 2, maxOutputTokens: 9 }));
    expect(server?.requests[0]?.body).toMatchObject({
      model: "m",
      temperature: 0.1,
      seed: 2,
      max_tokens: 9,
      stop: ["a", "b", "c", "d"],
      reasoning_effort: "low",
    });
    expect(server?.requests[0]?.headers["x-team"]).toBe("blue");
  });

  it("ends at a stop string that the API was not told", async () => {
    const model = await compatible({}, says("one ", " ", "two"));
    expect(textOf(await collect(model, ask("Hi", { stop: ["  "] })))).toBe("one");
  });
});

describe("images in a tool's result", () => {
  const image = { type: "image" as const, mediaType: "image/png", data: "iVBORw0KGgo=" };
  const messages: Message[] = [
    { role: "user", content: [{ type: "text", text: "Plot." }] },
    {
      role: "assistant",
      content: [{ type: "tool-call", toolCallId: "c1", name: "plot", arguments: "[1]" }],
    },
    {
      role: "tool",
      content: [
        {
          type: "tool-result",
          toolCallId: "c1",
          name: "plot",
          content: [{ type: "text", text: "Here:" }, image],
        },
      ],
    },
  ];
  const tools = [{ name: "plot", description: "Plots.", inputSchema: { type: "object" } }];

  it.each([anthropicV2, anthropicV3, anthropicV4])(
    "reach a provider that takes them",
    async ({ createAnthropic }) => {
      const provider = createAnthropic({ baseURL: await serve(), apiKey: "key-1234" });
      const model = aiSdkModel(provider("m"), { capabilities: { toolResultImages: true } });
      await failure(collect(model, { messages, tools }));
      const [, call, result] = server?.requests[0]?.body.messages ?? [];
      expect(call.content[0].input).toEqual({ malformed_arguments: "[1]" });
      expect(result.content[0].content).toMatchObject([
        { type: "text", text: "Here:" },
        { type: "image", source: { media_type: "image/png", data: image.data } },
      ]);
    },
  );

  it("are a note elsewhere", async () => {
    await collect(await compatible(), { messages, tools });
    expect(server?.requests[0]?.body.messages[2].content).toMatch(/^Here:\n\[An image/);
  });
});

describe("provider metadata", () => {
  it("are merged from all pieces of a part", async () => {
    const events = await eventsOf([
      { type: "reasoning-start", id: "1", providerMetadata: { p: { item: "rs_1" } } },
      { type: "reasoning-delta", id: "1", delta: "Hm." },
      { type: "reasoning-delta", id: "1", delta: "", providerMetadata: { p: { signature: "s" } } },
      { type: "reasoning-end", id: "1", providerMetadata: { p: { unset: undefined } } },
      { type: "text-start", id: "2" },
      { type: "text-delta", id: "2", delta: "Hi" },
      { type: "text-end", id: "2", providerMetadata: { p: { item: "msg_1" } } },
      finished,
    ]);
    expect(events).toEqual([
      { type: "reasoning", text: "Hm." },
      {
        type: "reasoning",
        text: "",
        providerData: {
          api: "ai-sdk",
          provider: "made.up",
          metadata: { p: { item: "rs_1", signature: "s" } },
        },
      },
      { type: "text", text: "Hi" },
      {
        type: "text",
        text: "",
        providerData: {
          api: "ai-sdk",
          provider: "made.up",
          metadata: { p: { item: "msg_1" } },
        },
      },
      { type: "finish", reason: "stop" },
    ]);
  });

  it("stay behind when the provider changes", async () => {
    const model = await compatible();
    const providerData = { api: "ai-sdk", provider: "made.up", metadata: { p: { item: "rs_1" } } };
    await collect(model, {
      messages: [
        {
          role: "assistant",
          content: [{ type: "reasoning", text: "secret thought", providerData }],
        },
        { role: "user", content: [{ type: "text", text: "Go on" }] },
      ],
    });
    expect(server?.requests[0]?.body.messages).toEqual([{ role: "user", content: "Go on" }]);
  });
});

describe("an answer", () => {
  it("leaves out what the provider ran itself", async () => {
    const call = { type: "tool-call", toolCallId: "1", toolName: "search", input: "{}" };
    expect(await eventsOf([{ ...call, providerExecuted: true }, finished])).toEqual([
      { type: "finish", reason: "stop" },
    ]);
    expect((await eventsOf([call, finished])).at(-1)).toMatchObject({ reason: "tool-calls" });
  });

  it.each([
    ["nothing", []],
    ["a finish without a reason", [{ type: "finish", finishReason: "unknown" }]],
    ["an interruption", [{ type: "finish", finishReason: { unified: "interrupted" } }]],
  ])("that ends with %s is an error", async (_what, parts) => {
    await expect(eventsOf(parts)).rejects.toMatchObject({ code: "model-connection" });
  });

  it("counts what Anthropic V2 counts apart", async () => {
    const events = await collect(
      aiSdkModel(
        streams(
          [
            {
              type: "finish",
              finishReason: "stop",
              usage: { inputTokens: 5, outputTokens: 2, cachedInputTokens: 60 },
              providerMetadata: { anthropic: { cacheCreationInputTokens: 100 } },
            },
          ],
          "v2",
        ),
      ),
    );
    expect(events).toEqual([
      {
        type: "finish",
        reason: "stop",
        usage: { inputTokens: 165, outputTokens: 2, cachedInputTokens: 60 },
      },
    ]);
  });
});

describe("an error", () => {
  const thrown = (error: Error): AiSdkLanguageModel => ({
    ...streams([]),
    doStream: () => Promise.reject(error),
  });
  const named = (name: string, more: object = {}) =>
    Object.assign(new Error("Words."), { name, ...more });
  const cases: [what: string, error: Error, expected: object][] = [
    ["no key", named("AI_LoadAPIKeyError"), { code: "model-authentication", retryable: false }],
    ["no model", named("AI_NoSuchModelError"), { code: "model-not-found" }],
    [
      "a prompt that it cannot send",
      named("AI_InvalidPromptError"),
      { code: "model-invalid-request" },
    ],
    ["no network", named("AI_APICallError"), { code: "model-connection", retryable: true }],
    [
      "an answer that it cannot read",
      named("AI_APICallError", { statusCode: 200 }),
      { code: "model-invalid-response" },
    ],
    [
      "a broken fetch of the user's",
      new TypeError("fetch failed", { cause: new Error("ECONNRESET") }),
      { code: "model-connection" },
    ],
  ];
  it.each(cases)("%s", async (_what, error, expected) => {
    await expect(collect(aiSdkModel(thrown(error)))).rejects.toMatchObject({
      name: "ModelError",
      message: expect.stringContaining("made.up:m"),
      ...expected,
    });
  });

  it("of the stream has the server's words", async () => {
    await expect(
      eventsOf([{ type: "error", error: "prompt is too long: 9 tokens > 8 maximum" }, finished]),
    ).rejects.toMatchObject({ code: "context-overflow" });
  });

  it("names what is no language model", () => {
    for (const given of ["gateway/model", { ...streams([]), specificationVersion: "v1" }]) {
      expect(() => aiSdkModel(given as AiSdkLanguageModel)).toThrowError(
        expect.objectContaining({ code: "invalid-option" }),
      );
    }
  });
});
