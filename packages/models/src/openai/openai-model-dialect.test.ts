import { afterEach, describe, expect, it } from "vitest";
import { ask, collect, failure, textOf } from "../../test/collect.js";
import {
  delta,
  finish,
  type LoopbackReply,
  type LoopbackRequest,
  LoopbackServer,
  refuses,
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
  reply: LoopbackReply | ((request: LoopbackRequest) => LoopbackReply),
  options: Partial<OpenAIModelOptions> = {},
): Promise<OpenAIModel> {
  server = await LoopbackServer.start(reply);
  return new OpenAIModel({ model: "m", baseURL: server.baseURL, apiKey: "key-1234", ...options });
}

/** Refuses requests that have the parameter, in the words of one server. */
function without(parameter: string, refusal: LoopbackReply, reply = says("yes")) {
  return ({ body }: LoopbackRequest) => (parameter in body ? refusal : reply);
}

const everything: Partial<OpenAIModelOptions> = { temperature: 0.5, seed: 1, maxOutputTokens: 9 };

describe("a refused parameter", () => {
  const cases: [parameter: string, refusal: LoopbackReply][] = [
    [
      "stop",
      refuses("Unsupported parameter: 'stop' is not supported with this model.", {
        code: "unsupported_parameter",
        param: "stop",
      }),
    ],
    ["stop", refuses("`stop` is not supported by this model")],
    [
      "temperature",
      refuses(
        "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) value is supported.",
        { code: "unsupported_value", param: "temperature" },
      ),
    ],
    ["seed", refuses("Unknown parameter: seed")],
    [
      "stream_options",
      {
        status: 422,
        body: {
          detail: [
            {
              type: "extra_forbidden",
              loc: ["body", "stream_options"],
              msg: "Extra inputs are not permitted",
              input: {},
            },
          ],
        },
      },
    ],
    ["stream_options", refuses("Unrecognized request argument supplied: stream_options")],
    [
      "max_tokens",
      refuses(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        { code: "unsupported_parameter", param: "max_tokens" },
      ),
    ],
    ["max_tokens", refuses("max_tokens is not supported, use max_completion_tokens")],
  ];
  it.each(cases)("%s is left out from then on", async (parameter, refusal) => {
    const model = await serve(without(parameter, refusal), everything);
    for (const expected of [2, 3]) {
      expect(textOf(await collect(model, ask("x", { stop: ["END"] })))).toBe("yes");
      expect(server?.requests).toHaveLength(expected);
    }
    expect(model.refusedParameters).toEqual([parameter]);
    const body = server?.requests[2]?.body;
    expect(body).not.toHaveProperty(parameter);
    if (parameter === "max_tokens") expect(body.max_completion_tokens).toBe(9);
  });

  it("may be one of several", async () => {
    const model = await serve(({ body }) => {
      for (const param of ["max_tokens", "temperature", "seed", "stop", "stream_options"]) {
        if (param in body) return refuses("No.", { code: "unsupported_parameter", param });
      }
      return says("yes");
    }, everything);
    expect(textOf(await collect(model, ask("x", { stop: ["END"] })))).toBe("yes");
    expect(server?.requests).toHaveLength(6);
  });

  it("may be the reasoning of earlier messages", async () => {
    const refusal = refuses("messages.1.reasoning_content: Extra inputs are not permitted");
    const model = await serve(({ body }) =>
      JSON.stringify(body).includes("reasoning_content") ? refusal : says("yes"),
    );
    const reasoning = {
      type: "reasoning" as const,
      text: "hm",
      providerData: { api: "chat-completions", field: "reasoning_content", details: [] },
    };
    const call = { type: "tool-call" as const, toolCallId: "c", name: "f", arguments: "{}" };
    const events = await collect(model, {
      messages: [{ role: "assistant", content: [reasoning, call] }],
    });
    expect(textOf(events)).toBe("yes");
    expect(server?.requests).toHaveLength(2);
  });

  it("is learnt by requests at the same time", async () => {
    const refusal = refuses("Unsupported: `stop`");
    const model = await serve(without("stop", refusal));
    const request = ask("x", { stop: ["END"] });
    const all = await Promise.all([1, 2, 3, 4].map(() => collect(model, request)));
    expect(all.map(textOf)).toEqual(["yes", "yes", "yes", "yes"]);
  });

  const mistakes: [name: string, refusal: LoopbackReply][] = [
    [
      "a wrong value",
      refuses("temperature must be between 0 and 2", {
        code: "invalid_value",
        param: "temperature",
      }),
    ],
    [
      "another parameter",
      refuses("Unsupported parameter: 'tools'", { code: "unsupported_parameter", param: "tools" }),
    ],
    [
      "the word in a sentence",
      refuses("This model does not support images; please stop sending them."),
    ],
    [
      "a server that fails",
      refuses("Unsupported parameter: 'stop'", { status: 500, param: "stop" }),
    ],
  ];
  it.each(mistakes)("is not seen in %s", async (_name, refusal) => {
    const model = await serve(refusal, everything);
    await expect(collect(model, ask("x", { stop: ["END"] }))).rejects.toMatchObject({
      status: refusal.status,
    });
    expect(server?.requests).toHaveLength(1);
    expect(model.refusedParameters).toEqual([]);
  });

  it("ends in an error when a server refuses both output limits", async () => {
    const model = await serve(({ body }) => {
      const param = "max_tokens" in body ? "max_tokens" : "max_completion_tokens";
      return refuses("No.", { code: "unsupported_parameter", param });
    }, everything);
    expect(await failure(collect(model))).toMatchObject({ code: "model-invalid-request" });
    expect(server?.requests).toHaveLength(2);
  });

  it("that the user set through extraBody is the user's", async () => {
    const refusal = refuses("No.", { code: "unsupported_parameter", param: "temperature" });
    const model = await serve(refusal, { extraBody: { temperature: 3 } });
    await expect(collect(model)).rejects.toMatchObject({ code: "model-invalid-request" });
    expect(server?.requests).toHaveLength(1);
  });
});

describe("stop strings", () => {
  const refusal = refuses("Unsupported parameter: 'stop'", {
    param: "stop",
    code: "unsupported_parameter",
  });
  const endless = (...texts: string[]): LoopbackReply => ({
    events: texts.map((content) => delta({ content })),
    done: false,
    ending: "stall",
  });

  it.each([
    ["in one piece", ["a</end>b"]],
    ["over pieces", ["a<", "/en", "d>", "b"]],
    ["at the very end", ["a</end>"]],
    ["after false beginnings", ["a", "<", "/end", "</end", ">"]],
  ])("that were refused cut the text %s and cancel the request", async (_name, texts) => {
    const model = await serve(without("stop", refusal, endless(...texts)));
    const events = await collect(model, ask("x", { stop: ["</end>"] }));
    expect(textOf(events)).toBe(texts.join("").split("</end>")[0]);
    expect(events.at(-1)).toEqual({ type: "finish", reason: "stop" });
    expect(await server?.requests[1]?.cutShort).toBe(true);
  });

  it("that a server ignores cut and cancel too", async () => {
    const model = await serve(endless("a</end>", "invented"));
    const events = await collect(model, ask("x", { stop: ["</end>"] }));
    expect(textOf(events)).toBe("a");
    expect(await server?.requests[0]?.cutShort).toBe(true);
  });

  it("that a server repeats at the end are cut, and the usage is kept", async () => {
    const model = await serve({
      events: [delta({ content: "a</end>" }), finish(), usage(7, 3)],
    });
    expect(await collect(model, ask("x", { stop: ["</end>"] }))).toEqual([
      { type: "text", text: "a" },
      { type: "finish", reason: "stop", usage: { inputTokens: 7, outputTokens: 3 } },
    ]);
  });

  it("beyond the fourth are watched for here", async () => {
    const model = await serve(endless("aEb"));
    const events = await collect(model, ask("x", { stop: ["A", "B", "C", "D", "E"] }));
    expect(textOf(events)).toBe("a");
  });

  it("inside reasoning end nothing", async () => {
    const model = await serve({
      events: [delta({ reasoning: "a</end>b" }), delta({ content: "c" }), finish()],
    });
    const events = await collect(model, ask("x", { stop: ["</end>"] }));
    expect(textOf(events)).toBe("c");
    expect(events[0]).toEqual({ type: "reasoning", text: "a</end>b" });
  });

  it("that only began are text", async () => {
    const model = await serve(says("a </en"));
    expect(textOf(await collect(model, ask("x", { stop: ["</end>"] })))).toBe("a </en");
  });
});
