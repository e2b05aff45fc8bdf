// OpenAIModel meets real generation, streaming and cancellation: npm run test:real-model.
import type { ModelEvent, ModelRequest } from "@codeact/core";
import { LlamaModel } from "@codeact/models/llama";
import { OpenAIModel } from "@codeact/models/openai";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ModelServer, serveModel } from "./serve-model.js";

const file = process.env["CODEACT_SMALL_MODEL"];

describe.skipIf(!file)("a real model behind HTTP", { timeout: 120_000 }, () => {
  let embedded: LlamaModel;
  let server: ModelServer;
  let model: OpenAIModel;

  beforeAll(async () => {
    embedded = await LlamaModel.load({
      model: file ?? "",
      threads: 1,
      contextSize: 1024,
      maxOutputTokens: 64,
    });
    server = await serveModel(embedded);
    model = new OpenAIModel({ model: embedded.id, baseURL: server.baseURL });
  }, 120_000);

  afterAll(async () => {
    await server.close();
    await embedded.close();
  }, 60_000);

  const ask = (text: string, more: Partial<ModelRequest> = {}): ModelRequest => ({
    messages: [{ role: "user", content: [{ type: "text", text }] }],
    temperature: 0,
    ...more,
  });

  async function collect(source: LlamaModel | OpenAIModel, request: ModelRequest) {
    const events: ModelEvent[] = [];
    for await (const event of source.generate(request)) events.push(event);
    const texts = events.flatMap((event) => (event.type === "text" ? [event.text] : []));
    return { texts, finish: events.at(-1) };
  }

  test("streams the same as in this process, and counts the same tokens", async () => {
    const question = ask("What is the capital of France?");
    const here = await collect(embedded, question);
    const there = await collect(model, question);
    expect(there.texts.length).toBeGreaterThan(3);
    expect(there.texts.join("")).toBe(here.texts.join(""));
    expect(there.texts.join("")).toContain("Paris");
    if (here.finish?.type !== "finish" || there.finish?.type !== "finish") throw new Error("none");
    expect(there.finish.reason).toBe("stop");
    expect(there.finish.usage?.inputTokens).toBe(here.finish.usage?.inputTokens);
    expect(there.finish.usage?.outputTokens).toBe(here.finish.usage?.outputTokens);
    // Asked for the second time, so that only the last token of the prompt was new.
    expect(there.finish.usage?.cachedInputTokens).toBeGreaterThan(0);
  });

  test("stop strings and the output limit reach the model", async () => {
    const stopped = await collect(model, ask("What is the capital of France?", { stop: ["Par"] }));
    expect(stopped.texts.join("")).not.toContain("Par");
    const cut = await collect(model, ask("Tell me a story.", { maxOutputTokens: 5 }));
    expect(cut.finish).toMatchObject({ reason: "length", usage: { outputTokens: 5 } });
  });

  test("a client that leaves stops the generation", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const reason = new Error("enough");
    const read = async () => {
      for await (const event of model.generate(ask("Tell me a long story.", { signal }))) {
        if (event.type === "text") controller.abort(reason);
      }
    };
    await expect(read()).rejects.toBe(reason);
    await vi.waitUntil(() => server.openAnswers === 0, { timeout: 60_000 });
    const next = await collect(model, ask("What is the capital of France?"));
    expect(next.texts.join("")).toContain("Paris");
  });

  test("a conversation that does not fit is a context overflow", async () => {
    const tooLong = ask("word ".repeat(1200));
    await expect(collect(model, tooLong)).rejects.toMatchObject({ code: "context-overflow" });
  });
});
