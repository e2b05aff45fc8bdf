import { CodeActError, type Message, type ModelEvent } from "@codeact/core";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ask, collect, failure, textOf } from "../../test/collect.js";
import { hasTestModel, testModelFile } from "../../test/test-model.js";
import { LlamaModel, type LlamaModelOptions } from "./index.js";

const name = "smollm2-135m";
const file = testModelFile(name);

/** One thread: others spin while they wait, which starves a busy machine. */
const load = (more: Partial<LlamaModelOptions> = {}) =>
  LlamaModel.load({ model: file, threads: 1, contextSize: 1024, maxOutputTokens: 32, ...more });

/** What has to be the same twice: rounding differs with what was evaluated together, and adds up. */
const short = { maxOutputTokens: 8 };

const user = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] });
const assistant = (text: string): Message => ({
  role: "assistant",
  content: [{ type: "text", text }],
});

function finishOf(events: readonly ModelEvent[]) {
  const finish = events.filter((event) => event.type === "finish");
  expect(finish).toHaveLength(1);
  expect(events.at(-1)).toBe(finish[0]);
  if (!finish[0]?.usage) throw new Error("The model reported no usage");
  return { reason: finish[0].reason, usage: finish[0].usage };
}

describe("what cannot be loaded", () => {
  test.each([
    [{ model: "" }, "the option model is empty"],
    [{ model: "a.gguf", contextSize: 0.5 }, "contextSize is 0.5"],
    [{ model: "a.gguf", threads: 0 }, "threads is 0"],
    [{ model: "nowhere.gguf" }, "there is no file"],
  ])("%o is an invalid option", async (options, message) => {
    const error = await failure(LlamaModel.load(options));
    expect(CodeActError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: "invalid-option" });
    expect(String(error)).toContain(message);
  });

  test("a file that is no model is an invalid option", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "codeact-llama-"));
    const noModel = path.join(folder, "no-model.gguf");
    await writeFile(noModel, "This is text.");
    const error = await failure(LlamaModel.load({ model: pathToFileURL(noModel) }));
    expect(error).toMatchObject({ code: "invalid-option" });
    expect(String(error)).toContain("no-model.gguf could not be loaded");
    await rm(folder, { recursive: true });
  });
});

describe.skipIf(!hasTestModel(name))("a real model", { timeout: 120_000 }, () => {
  let model: LlamaModel;
  beforeAll(async () => {
    model = await load();
  }, 120_000);
  afterAll(() => model.close());

  test("streams text and counts tokens", async () => {
    const events = await collect(model, ask("What is the capital of France?"));
    const { reason, usage } = finishOf(events);
    expect(textOf(events)).toContain("Paris");
    expect(reason).toBe("stop");
    const texts = events.filter((event) => event.type === "text");
    expect(texts.length).toBeGreaterThan(3);
    // The token that ends the message is generated too.
    expect(usage.outputTokens).toBeGreaterThan(texts.length);
    expect(usage.inputTokens).toBeGreaterThan(10);
    expect(model.id).toBe("llama:smollm2-135m");
  });

  test("says the same again at temperature 0, and with a seed at any", async () => {
    for (const more of [{ temperature: 0 }, { temperature: 1, seed: 7 }]) {
      const question = ask("Tell me a story.", { ...more, ...short });
      const first = textOf(await collect(model, question));
      expect(textOf(await collect(model, question))).toBe(first);
    }
  });

  test("stops before a stop string, without the string", async () => {
    const events = await collect(model, ask("What is the capital of France?", { stop: ["Par"] }));
    expect(finishOf(events).reason).toBe("stop");
    expect(textOf(events)).not.toContain("Par");
    expect(textOf(events)).toContain("capital of France");
  });

  test("ends at maxOutputTokens, of the request before the model's own", async () => {
    const events = await collect(model, ask("Tell me a story.", { maxOutputTokens: 5 }));
    expect(finishOf(events)).toMatchObject({ reason: "length", usage: { outputTokens: 5 } });
    const longer = await collect(model, ask("Tell me a long story."));
    expect(finishOf(longer)).toMatchObject({ reason: "length", usage: { outputTokens: 32 } });
  });

  test("evaluates only what a longer conversation adds", async () => {
    const begin = user(`Remember these words: ${"apple banana cherry ".repeat(50)}`);
    const first = await collect(model, { messages: [begin] });
    const before = finishOf(first).usage;
    const messages = [begin, assistant(textOf(first)), user("And now?")];
    const { usage } = finishOf(await collect(model, { messages }));
    expect(usage.cachedInputTokens).toBeGreaterThanOrEqual(before.inputTokens ?? Number.NaN);
    expect(usage.inputTokens).toBeGreaterThan(usage.cachedInputTokens ?? Number.NaN);
    const again = finishOf(await collect(model, { messages })).usage;
    expect(again.cachedInputTokens).toBe((usage.inputTokens ?? Number.NaN) - 1);
  });

  test("gives the same answer with and without what it had evaluated", async () => {
    const messages = [user("Count to five."), assistant("1 2 3"), user("Go on.")];
    await collect(model, { messages: messages.slice(0, 1) });
    const warm = textOf(await collect(model, { messages, ...short }));
    const fresh = await load();
    expect(textOf(await collect(fresh, { messages, ...short }))).toBe(warm);
    await fresh.close();
  });

  test("throws the reason when aborted before, while it reads and while it writes", async () => {
    const reason = new Error("enough");
    expect(await failure(collect(model, ask("Hi", { signal: AbortSignal.abort(reason) })))).toBe(
      reason,
    );
    const reading = new AbortController();
    const read = collect(model, ask("word ".repeat(900), { signal: reading.signal }));
    setTimeout(() => reading.abort(reason), 20);
    expect(await failure(read)).toBe(reason);
    const writing = new AbortController();
    const texts: string[] = [];
    const write = async () => {
      for await (const event of model.generate(ask("Hello", { signal: writing.signal }))) {
        if (event.type === "text") texts.push(event.text);
        if (texts.length === 2) writing.abort(reason);
      }
    };
    expect(await failure(write())).toBe(reason);
    expect(texts).toHaveLength(2);
    expect(textOf(await collect(model, ask("What is the capital of France?")))).toContain("Paris");
  });

  test("a reader that leaves early frees the model for the next", async () => {
    for await (const event of model.generate(ask("Tell me a story."))) {
      if (event.type === "text") break;
    }
    expect(textOf(await collect(model, ask("What is the capital of France?")))).toContain("Paris");
  });

  test("requests at once wait for their turn and answer as if alone", async () => {
    const questions = ["What is the capital of France?", "Say hello.", "Name a colour."];
    const alone: string[] = [];
    for (const question of questions)
      alone.push(textOf(await collect(model, ask(question, short))));
    const waiting = new AbortController();
    const aborted = failure(
      Promise.all([
        collect(model, ask("First.")),
        collect(model, ask("Second.", { signal: waiting.signal })),
      ]),
    );
    const together = Promise.all(questions.map((question) => collect(model, ask(question, short))));
    waiting.abort(new Error("left the queue"));
    expect(String(await aborted)).toContain("left the queue");
    expect((await together).map(textOf)).toEqual(alone);
  });

  test("with concurrency each conversation keeps its place", async () => {
    const both = await load({ concurrency: 2 });
    const conversations = ["cat", "dog"].map((animal) => [user(`${`${animal} `.repeat(40)}?`)]);
    await Promise.all(conversations.map((messages) => collect(both, { messages })));
    for (const messages of conversations) {
      const { usage } = finishOf(await collect(both, { messages }));
      expect(usage.cachedInputTokens).toBe((usage.inputTokens ?? Number.NaN) - 1);
    }
    await both.close();
  });

  test("a conversation larger than the context overflows; an answer ends where it ends", async () => {
    const small = await load({ contextSize: 256, maxOutputTokens: 10_000 });
    expect(small.contextSize).toBe(256);
    const error = await failure(collect(small, ask("word ".repeat(400))));
    expect(error).toMatchObject({ code: "context-overflow", retryable: false });
    const prompt = ask(`Repeat this a hundred times: ${"one two three ".repeat(60)}`);
    const { reason, usage } = finishOf(await collect(small, prompt));
    expect(reason).toBe("length");
    expect((usage.inputTokens ?? 0) + (usage.outputTokens ?? 0)).toBe(256);
    await small.close();
  });

  test("a context that no memory holds is refused, with what to change", async () => {
    const error = await failure(load({ contextSize: 50_000_000 }));
    expect(error).toMatchObject({ code: "invalid-option" });
    expect(String(error)).toMatch(/does not fit into memory.*smaller contextSize/);
  });

  test("refuses function tools", async () => {
    const tools = [{ name: "look", description: "", inputSchema: {} }];
    expect(await failure(collect(model, ask("Hi", { tools })))).toMatchObject({
      code: "model-invalid-request",
    });
  });

  test("close ends what runs, twice does no harm, and nothing can be asked any more", async () => {
    const closing = await load();
    const running = failure(collect(closing, ask("word ".repeat(900))));
    const reader = closing.generate(ask("Tell me a story."));
    await closing.close();
    await closing.close();
    expect(await running).toMatchObject({ code: "model-closed" });
    expect(await failure(reader.next())).toMatchObject({ code: "model-closed" });
    expect(await failure(collect(closing))).toMatchObject({ code: "model-closed" });
  });

  test("leaves no listener on a signal", async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    await collect(model, ask("Hi", { signal, maxOutputTokens: 2 }));
    expect(added).toHaveBeenCalled();
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
  });
});
