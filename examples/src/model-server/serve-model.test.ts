import { messageText, type ModelEvent, type ModelRequest } from "@codeact/core";
import { ScriptedModel, type ScriptedReply } from "@codeact/core/testing";
import { OpenAIModel } from "@codeact/models/openai";
import { afterEach, expect, test, vi } from "vitest";
import { type ModelServer, serveModel } from "./serve-model.js";
import { ModelError } from "@codeact/core";

let server: ModelServer;
afterEach(() => server.close());

async function serve(...replies: ScriptedReply[]): Promise<OpenAIModel> {
  const model = new ScriptedModel(replies, { capabilities: { usage: true }, chunkSize: 3 });
  server = await serveModel(model);
  return new OpenAIModel({ model: "any", baseURL: server.baseURL });
}

const request = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [{ role: "user", content: [{ type: "text", text: "Hello" }] }],
  ...more,
});

async function collect(model: OpenAIModel, asked = request()): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  for await (const event of model.generate(asked)) events.push(event);
  return events;
}

test("streams text, why it ended and the tokens", async () => {
  const usage = { inputTokens: 7, outputTokens: 3 };
  const model = await serve({ text: "Hello, you.", usage, finishReason: "length" });
  const events = await collect(model);
  const texts = events.flatMap((event) => (event.type === "text" ? [event.text] : []));
  expect(texts.length).toBeGreaterThan(1);
  expect(texts.join("")).toBe("Hello, you.");
  expect(events.at(-1)).toMatchObject({ type: "finish", reason: "length", usage });
});

test("answers in one piece, and says which model there is", async () => {
  await serve("Hello.");
  const chat = await fetch(`${server.baseURL}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ messages: [{ role: "user", content: "Hi" }] }),
  });
  const choice = { message: { role: "assistant", content: "Hello." }, finish_reason: "stop" };
  expect(await chat.json()).toMatchObject({ object: "chat.completion", choices: [choice] });
  const models = await fetch(`${server.baseURL}/models`);
  expect(await models.json()).toMatchObject({ data: [{ object: "model" }] });
});

test("hands on what the request asks for", async () => {
  let seen: ModelRequest | undefined;
  const model = await serve((asked) => {
    seen = asked as ModelRequest;
    return "Yes.";
  });
  await collect(model, request({ stop: ["END"], temperature: 0.5, seed: 3, maxOutputTokens: 9 }));
  expect(seen).toMatchObject({ stop: ["END"], temperature: 0.5, seed: 3, maxOutputTokens: 9 });
  expect(seen?.messages.map(messageText)).toEqual(["Hello"]);
});

test("a client that leaves ends the answer", async () => {
  const model = await serve({ text: "never more", gate: new Promise(() => {}), waitAfter: 3 });
  const controller = new AbortController();
  const reason = new Error("enough");
  const read = async () => {
    for await (const event of model.generate(request({ signal: controller.signal }))) {
      if (event.type === "text") controller.abort(reason);
    }
  };
  await expect(read()).rejects.toBe(reason);
  await vi.waitUntil(() => server.openAnswers === 0, { timeout: 20_000 });
});

test.each([
  [new ModelError("context-overflow", "too long"), "context-overflow"],
  [new ModelError("model-invalid-request", "no tools"), "model-invalid-request"],
  [new Error("boom"), "model-server"],
])("%s reaches the client", async (error, code) => {
  const model = await serve({ error });
  await expect(collect(model)).rejects.toMatchObject({ code });
});

test("what is no request is refused", async () => {
  await serve();
  const body = '{"messages": []}';
  const empty = await fetch(`${server.baseURL}/chat/completions`, { method: "POST", body });
  expect(empty.status).toBe(400);
  expect((await fetch(`${server.baseURL}/nowhere`)).status).toBe(404);
});
