import type { Message, ModelEvent, ModelRequest } from "@codeact/core";
import { afterEach, describe, expect, it } from "vitest";
import { ask, collect } from "../../test/collect.js";
import { type LoopbackReply, LoopbackServer, refuses } from "../../test/loopback-openai-server.js";
import {
  completed,
  failed,
  incomplete,
  itemDone,
  reasoning,
  streamed,
  texts,
} from "../../test/responses-wire.js";
import { OpenAIModel, type OpenAIModelOptions } from "./openai-model.js";

let server: LoopbackServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(
  reply: LoopbackServer["reply"] = streamed([...texts(["yes"]), completed()]),
  options: Partial<OpenAIModelOptions> = {},
): Promise<OpenAIModel> {
  server = await LoopbackServer.start(reply);
  const { baseURL } = server;
  return new OpenAIModel({ model: "m", api: "responses", baseURL, apiKey: "key-1234", ...options });
}

const eventsOf = async (...events: unknown[]): Promise<ModelEvent[]> =>
  collect(await serve(streamed(events)));

/** The body that the server got. */
async function sent(
  request: ModelRequest,
  options?: Partial<OpenAIModelOptions>,
): Promise<Record<string, unknown>> {
  await collect(await serve(undefined, options), request);
  return server?.requests.at(-1)?.body;
}

describe("a request", () => {
  it("stores nothing, and asks for what reasoning needs to be carried on", async () => {
    const options = { temperature: 0.5, seed: 1, extraBody: { service_tier: "flex" } };
    const tools = [{ name: "f", description: "Does.", inputSchema: { type: "object" } }];
    expect(await sent(ask("Hi", { tools, stop: ["x"], maxOutputTokens: 9 }), options)).toEqual({
      model: "m",
      input: [{ role: "user", content: "Hi" }],
      stream: true,
      store: false,
      include: ["reasoning.encrypted_content"],
      reasoning: { summary: "auto" },
      tools: [
        {
          type: "function",
          name: "f",
          description: "Does.",
          parameters: { type: "object" },
          strict: false,
        },
      ],
      max_output_tokens: 9,
      temperature: 0.5,
      service_tier: "flex",
    });
    expect(server?.requests[0]?.path).toBe("/v1/responses");
  });

  const image = { type: "image" as const, mediaType: "image/png", data: "iVBORw0KGgo=" };
  const history: Message[] = [
    { role: "system", content: [{ type: "text", text: "Be brief." }] },
    { role: "user", content: [{ type: "text", text: "Look:" }, image] },
    {
      role: "assistant",
      content: [
        { type: "text", text: "So." },
        { type: "tool-call", toolCallId: "c1", name: "f", arguments: '{"x": oops' },
      ],
    },
    {
      role: "tool",
      content: [
        {
          type: "tool-result",
          toolCallId: "c1",
          name: "f",
          content: [{ type: "text", text: "1" }, image],
        },
      ],
    },
  ];
  const imageUrl = "data:image/png;base64,iVBORw0KGgo=";

  it("carries images, calls and results", async () => {
    const { input } = await sent({ messages: history });
    expect(input).toEqual([
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "input_text", text: "Look:" },
          { type: "input_image", detail: "auto", image_url: imageUrl },
        ],
      },
      { role: "assistant", content: "So." },
      {
        type: "function_call",
        call_id: "c1",
        name: "f",
        arguments: '{"malformed_arguments":"{\\"x\\": oops"}',
      },
      {
        type: "function_call_output",
        call_id: "c1",
        output: expect.stringMatching(/^1\n\[An image/),
      },
    ]);
  });

  it("carries images in results where the server takes them", async () => {
    const { input } = await sent(
      { messages: history },
      { capabilities: { toolResultImages: true } },
    );
    expect((input as { output?: unknown }[]).at(-1)?.output).toEqual([
      { type: "input_text", text: "1" },
      { type: "input_image", detail: "auto", image_url: imageUrl },
    ]);
  });

  it.each([
    [
      "reasoning",
      refuses("Unsupported parameter: 'reasoning.summary' is not supported with this model.", {
        code: "unsupported_parameter",
        param: "reasoning.summary",
      }),
    ],
    [
      "include",
      refuses("Encrypted content is not supported with this model.", { param: "include" }),
    ],
  ])("loses %s where the model refuses it", async (parameter, refusal) => {
    const model = await serve(({ body }) =>
      parameter in body ? refusal : streamed([...texts(["yes"]), completed()]),
    );
    await collect(model);
    await collect(model);
    expect(server?.requests).toHaveLength(3);
    expect(model.refusedParameters).toEqual([parameter]);
  });
});

describe("reasoning", () => {
  it("is shown, and goes back with what it led to", async () => {
    const events = await eventsOf(
      ...reasoning("First.", "sealed").slice(0, -1),
      ...reasoning("Then.", "sealed"),
      ...texts(["spoken"]),
      completed(),
    );
    expect(events.slice(0, 4)).toEqual([
      { type: "reasoning", text: "First." },
      { type: "reasoning", text: "\n\n" },
      { type: "reasoning", text: "Then." },
      {
        type: "reasoning",
        text: "",
        providerData: {
          api: "responses",
          item: {
            type: "reasoning",
            id: "rs_1",
            summary: [{ type: "summary_text", text: "Then." }],
            encrypted_content: "sealed",
          },
        },
      },
    ]);
  });

  const providerData = {
    api: "responses",
    item: { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "sealed" },
  };

  it("is not sent where nothing follows it", async () => {
    const { input } = await sent({
      messages: [
        { role: "user", content: [{ type: "text", text: "a" }] },
        { role: "assistant", content: [{ type: "reasoning", text: "", providerData }] },
        { role: "user", content: [{ type: "text", text: "b" }] },
      ],
    });
    expect(input).toEqual([
      { role: "user", content: "a" },
      { role: "user", content: "b" },
    ]);
  });

  it("without content that could go back is only shown", async () => {
    const events = await eventsOf(...reasoning("Thought.", null), ...texts(["a"]), completed());
    expect(events[0]).toEqual({ type: "reasoning", text: "Thought." });
    expect(events[1]).toEqual({ type: "text", text: "a" });
  });
});

describe("the end", () => {
  it.each([
    ["content_filter", "content-filter"],
    ["something_new", "other"],
  ])("of a response that is incomplete for %s is %s", async (wire, reason) => {
    const usage = { inputTokens: 2, outputTokens: 1 };
    expect((await eventsOf(...texts(["a"]), incomplete(wire, usage))).at(-1)).toMatchObject({
      reason,
      usage,
    });
  });

  it("of a refusal is content-filter", async () => {
    const events = await eventsOf({ type: "response.refusal.delta", delta: "No." }, completed());
    expect(events).toEqual([
      { type: "text", text: "No." },
      { type: "finish", reason: "content-filter" },
    ]);
  });

  it("comes once, also where the server adds an end of its own", async () => {
    const reply: LoopbackReply = { ...streamed([...texts(["a"]), completed()]), done: true };
    expect(await collect(await serve(reply))).toHaveLength(2);
    expect(
      (await eventsOf({ type: "response.something.new" }, ...texts(["a"]), completed())).length,
    ).toBe(2);
  });
});

describe("a failure", () => {
  it.each([
    ["rate_limit_exceeded", "model-rate-limit"],
    ["server_error", "model-server"],
    ["context_length_exceeded", "context-overflow"],
  ])("of the response with code %s is %s", async (code, expected) => {
    await expect(eventsOf(failed(code, "No."))).rejects.toMatchObject({
      code: expected,
      message: expect.stringContaining("No."),
    });
  });

  it("is an event with an unknown shape", async () => {
    await expect(eventsOf(itemDone({}))).rejects.toMatchObject({ code: "model-invalid-response" });
    await expect(eventsOf({ no: "type" })).rejects.toMatchObject({
      code: "model-invalid-response",
    });
  });
});
