import { ModelError } from "@codeact/core";
import { OpenAI } from "openai";
import { afterEach, describe, expect, it } from "vitest";
import { ask, collect, failure } from "../../test/collect.js";
import {
  delta,
  finish,
  type LoopbackReply,
  LoopbackServer,
  refuses,
  says,
} from "../../test/loopback-openai-server.js";
import { OpenAIModel, type OpenAIModelOptions } from "./openai-model.js";

const secret = "sk-very-secret-0123456789";
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
  return new OpenAIModel({ model: "m", baseURL: server.baseURL, apiKey: secret, ...options });
}

async function errorOf(
  reply: LoopbackReply,
  options?: Partial<OpenAIModelOptions>,
): Promise<ModelError> {
  const error = await failure(collect(await serve(reply, options)));
  if (!ModelError.isInstance(error)) throw error;
  expect(error.message).toContain(server?.baseURL);
  expect(server?.requests).toHaveLength(1);
  return error;
}

describe("statuses", () => {
  const cases: [status: number, code: string, retryable: boolean][] = [
    [400, "model-invalid-request", false],
    [401, "model-authentication", false],
    [402, "model-permission", false],
    [403, "model-permission", false],
    [404, "model-not-found", false],
    [408, "model-timeout", true],
    [409, "model-invalid-request", true],
    [413, "model-request-too-large", false],
    [418, "model-invalid-request", false],
    [422, "model-invalid-request", false],
    [429, "model-rate-limit", true],
    [500, "model-server", true],
    [502, "model-server", true],
    [503, "model-overloaded", true],
    [504, "model-timeout", true],
    [524, "model-timeout", true],
    [529, "model-overloaded", true],
  ];
  it.each(cases)("%i is %s, retryable: %s", async (status, code, retryable) => {
    const error = await errorOf(refuses("It went wrong.", { status }));
    expect(error).toMatchObject({ code, retryable, status });
    expect(error.message).toContain("It went wrong.");
  });

  it("spent quota is not retryable", async () => {
    const error = await errorOf(
      refuses("You exceeded your current quota.", { status: 429, code: "insufficient_quota" }),
    );
    expect(error).toMatchObject({ code: "model-rate-limit", retryable: false });
  });

  it.each([
    ["retry-after-ms", "1500", 1500],
    ["retry-after", "2", 2000],
  ])("%s tells how long to wait", async (name, value, expected) => {
    const error = await errorOf({
      ...refuses("Slow down.", { status: 429 }),
      headers: { [name]: value },
    });
    expect(error.retryAfterMs).toBe(expected);
  });
});

describe("bodies of errors", () => {
  const cases: [name: string, body: unknown, shown: string][] = [
    ["facts at the top", { object: "error", message: "Top level.", code: 400 }, "Top level."],
    ["a detail", { detail: "Not here." }, "Not here."],
    [
      "validation issues",
      { detail: [{ type: "missing", loc: ["body", "model"], msg: "Field required" }] },
      "model: Field required",
    ],
    ["an array", [{ error: { message: "In an array.", code: 400 } }], "In an array."],
    ["a string for the error", { error: "Just text." }, "Just text."],
    [
      "a provider's own words",
      { error: { message: "Provider returned error", metadata: { raw: "Deep." } } },
      "Provider returned error: Deep.",
    ],
    ["plain text", "Bad gateway, friend", "Bad gateway, friend"],
    ["nothing", "", "failed with status 400"],
  ];
  it.each(cases)("%s", async (_name, body, shown) => {
    const error = await errorOf({ status: 400, body });
    expect(error).toMatchObject({ code: "model-invalid-request", status: 400 });
    expect(error.message).toContain(shown);
  });

  it("a page of HTML is shown in part", async () => {
    const error = await errorOf({ status: 502, body: `<html>${"x".repeat(10_000)}</html>` });
    expect(error.message.length).toBeLessThan(1_000);
  });
});

describe("answers that break the protocol", () => {
  const cases: [name: string, reply: LoopbackReply, code: string, shown: RegExp][] = [
    [
      "an error body with status 200",
      { body: { error: { message: "Oops.", code: 429 } } },
      "model-rate-limit",
      /Oops/,
    ],
    [
      "an error inside the stream",
      { events: [delta({ content: "a" }), { error: { message: "Died.", code: 502 } }] },
      "model-server",
      /Died/,
    ],
    [
      "an error event",
      { raw: 'event: error\ndata: {"message":"Died.","type":"overloaded_error"}\n\n' },
      "model-overloaded",
      /Died/,
    ],
    [
      "a named error inside the stream",
      { events: [{ error: { message: "Slow.", type: "rate_limit_error" } }] },
      "model-rate-limit",
      /Slow/,
    ],
    [
      "a context overflow inside the stream",
      { events: [{ error: { message: "maximum context length is 9" } }] },
      "context-overflow",
      /Shorten/,
    ],
    [
      "malformed JSON",
      { raw: 'data: {"choices": [\n\n' },
      "model-invalid-response",
      /malformed JSON: \{"choices"/,
    ],
    [
      "a chunk of another shape",
      { events: [{ choices: "none" }] },
      "model-invalid-response",
      /choices/,
    ],
    [
      "JSON instead of a stream",
      { body: { choices: [{ message: { content: "x" } }] } },
      "model-invalid-response",
      /application\/json/,
    ],
    [
      "a web page",
      { raw: "<html></html>", headers: { "content-type": "text/html" } },
      "model-invalid-response",
      /text\/html/,
    ],
    ["an empty stream", { events: [] }, "model-invalid-response", /before it began/],
    ["an empty body", { raw: "" }, "model-invalid-response", /before it began/],
    [
      "an end without a finish reason",
      { events: [delta({ content: "a" })], done: false },
      "model-connection",
      /finish reason/,
    ],
    [
      "an end in the middle of an event",
      { raw: 'data: {"choices":[]}\n\ndata: {"cho' },
      "model-invalid-response",
      /malformed JSON/,
    ],
    [
      "a connection that breaks",
      { events: [delta({ content: "a" })], done: false, ending: "destroy" },
      "model-connection",
      /broke/,
    ],
  ];
  it.each(cases)("%s", async (_name, reply, code, shown) => {
    const error = await errorOf(reply);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(shown);
  });

  it("gives out what came before a break", async () => {
    const model = await serve({
      events: [delta({ content: "a" })],
      done: false,
      ending: "destroy",
    });
    const events: unknown[] = [];
    const error = await failure(
      (async () => {
        for await (const event of model.generate(ask())) events.push(event);
      })(),
    );
    expect(error).toMatchObject({ code: "model-connection", retryable: true });
    expect(events).toEqual([{ type: "text", text: "a" }]);
  });
});

describe("servers that cannot be reached", () => {
  it("a refused connection is a connection error", async () => {
    await serve(says("x"));
    const { baseURL = "" } = server ?? {};
    await server?.close();
    server = undefined;
    const model = new OpenAIModel({ model: "m", baseURL, apiKey: secret });
    const error = await failure(collect(model));
    expect(error).toMatchObject({ code: "model-connection", retryable: true });
    expect(String(error)).toContain("ECONNREFUSED");
  });

  const silences: [name: string, reply: LoopbackReply][] = [
    ["no headers", { silent: true }],
    ["no first event", { events: [], done: false, ending: "stall" }],
    ["no next event", { events: [delta({ content: "a" })], done: false, ending: "stall" }],
    ["no body of an error", { status: 500, raw: "{", ending: "stall" }],
  ];
  it.each(silences)(
    "%s in time is a time-out, and the request is cancelled",
    async (_name, reply) => {
      const error = await errorOf(reply, { idleTimeoutMs: 1_000 });
      expect(error).toMatchObject({ code: "model-timeout", retryable: true });
      expect(error.message).toContain("sent nothing for 1000 ms");
      expect(await server?.requests[0]?.cutShort).toBe(true);
    },
  );

  it("a finished message survives a stall before its usage", async () => {
    const model = await serve(
      { events: [delta({ content: "a" }), finish()], done: false, ending: "stall" },
      { idleTimeoutMs: 1_000 },
    );
    expect(await collect(model)).toEqual([
      { type: "text", text: "a" },
      { type: "finish", reason: "stop" },
    ]);
  });
});

describe("secrets", () => {
  const show = (error: Error) => {
    const texts: string[] = [];
    for (let at: unknown = error; at instanceof Error; at = at.cause)
      texts.push(at.message, at.stack ?? "");
    return texts.join("\n");
  };

  it("a server that repeats the key does not make us show it", async () => {
    const error = await errorOf(refuses(`Incorrect API key provided: ${secret}.`, { status: 401 }));
    expect(error.message).toContain("[secret]");
    expect(show(error)).not.toContain(secret);
  });

  it("a header of the user's counts as a secret", async () => {
    const error = await errorOf(refuses("Token abcdef-token is bad.", { status: 403 }), {
      headers: { "x-token": "abcdef-token" },
    });
    expect(show(error)).not.toContain("abcdef-token");
  });

  it("a key that no header can carry is not shown", async () => {
    const broken = "sk-secret\u{1F600}-key";
    const model = new OpenAIModel({ model: "m", baseURL: "http://127.0.0.1:9/v1", apiKey: broken });
    const error = await failure(collect(model));
    expect(error).toMatchObject({ code: "model-invalid-request", retryable: false });
    expect(show(error as Error)).not.toContain(broken);
  });

  it("a client of the user's own keeps its key too", async () => {
    server = await LoopbackServer.start(refuses(`Bad key ${secret}.`, { status: 401 }));
    const client = new OpenAI({ baseURL: server.baseURL, apiKey: secret });
    const error = await failure(collect(new OpenAIModel({ model: "m", client })));
    expect(error).toMatchObject({ code: "model-authentication" });
    expect(show(error as Error)).not.toContain(secret);
  });
});
