import { describe, expect, it } from "vitest";
import * as z from "zod";
import { FakeExecutor, ScriptedModel } from "../testing/index.js";
import { tool } from "../tool/tool.js";
import { Agent } from "./agent.js";
import { eventsOf } from "./test-support.js";

const model = new ScriptedModel([]);
const executor = new FakeExecutor([]);
const echo = tool({
  name: "echo",
  description: "Echoes.",
  inputSchema: z.object({ text: z.string() }),
  execute: ({ text }) => text,
});

/** What JavaScript users pass, whom no checker stops. */
describe("an option of the wrong type", () => {
  it.each<[string, object | null | undefined, string?, RegExp?]>([
    ["no options", undefined],
    ["null options", null],
    ["a model by name", { model: "gpt-5" }, "invalid-option", /model/],
    ["a model without an id", { model: { generate: () => [] } }, "invalid-option", /\bid\b/],
    ["an executor class", { executor: FakeExecutor }, "invalid-option", /new /],
    ["a name", { name: 42 }, "invalid-option", /name/],
    ["an empty name", { name: " " }, "invalid-option", /name/],
    ["a description", { description: {} }, "invalid-option", /description/],
    ["instructions", { instructions: ["Be brief."] }, "invalid-option", /instructions/],
    ["tools as an object", { tools: { echo } }, "invalid-option", /array/],
    ["tools null", { tools: null }, "invalid-option", /array/],
    ["a tool undefined", { tools: [undefined] }, "invalid-tool", /tool\(/],
    ["a function as a tool", { tools: [() => 1] }, "invalid-tool"],
    ["an agent as a tool", { tools: [new Agent({ model, executor })] }, "invalid-tool"],
    ["a tool's timeoutMs", { tools: [{ ...echo, timeoutMs: "5" }] }, "invalid-tool", /timeoutMs/],
    ["a tool's NaN", { tools: [{ ...echo, timeoutMs: Number.NaN }] }, "invalid-tool", /timeoutMs/],
    ["a tool's schema", { tools: [{ ...echo, inputSchema: "string" }] }, "invalid-tool"],
    ["a tool's null schema", { tools: [{ ...echo, inputSchema: null }] }, "invalid-tool"],
    ["an action format by name", { actionFormat: "code" }, "invalid-option", /codeFormat\(\)/],
    [
      "an action format half made",
      { actionFormat: { name: "x" } },
      "invalid-option",
      /actionFormat/,
    ],
    ["approve", { approve: true }, "invalid-option", /approve/],
    ["checkAnswer", { checkAnswer: "yes" }, "invalid-option", /checkAnswer/],
    ["prepareStep", { prepareStep: {} }, "invalid-option", /prepareStep/],
    ["stopWhen", { stopWhen: 5 }, "invalid-option", /stopWhen/],
    ["an output schema", { outputSchema: "string" }, "invalid-option", /outputSchema/],
    ["an output schema null", { outputSchema: null }, "invalid-option", /outputSchema/],
    ["limits null", { limits: null }, "invalid-option", /limits/],
    ["limits as a number", { limits: 5 }, "invalid-option", /limits/],
    ["a limit NaN", { limits: { steps: Number.NaN } }, "invalid-option", /steps/],
    ["a limit below 1", { limits: { steps: 0 } }, "invalid-option", /steps/],
    ["half a step", { limits: { steps: 2.5 } }, "invalid-option", /steps/],
    [
      "a time beyond timers",
      { limits: { runTimeoutMs: 2 ** 31 } },
      "invalid-option",
      /runTimeoutMs/,
    ],
    ["half a byte", { limits: { outputBytes: 0.5 } }, "invalid-option", /outputBytes/],
    ["endless output", { limits: { outputBytes: Infinity } }, "invalid-option", /outputBytes/],
    ["retry as a number", { retry: 3 }, "invalid-option", /retry/],
    ["endless retry delays", { retry: { maxDelayMs: Infinity } }, "invalid-option", /maxDelayMs/],
    ["a retry that does not exist", { retry: { maxAttempts: 3 } }, "invalid-option", /attempts/],
  ])("is refused: %s", (_name, options, code = "invalid-option", message = /./) => {
    const given = options && { model, executor, ...options };
    const create = () => new Agent(given as never);
    expect(create).toThrowError(expect.objectContaining({ code }) as Error);
    expect(create).toThrow(message);
  });

  it("leaves out what is undefined", () => {
    const limits = { steps: undefined } as never;
    const retry = { attempts: undefined } as never;
    expect(new Agent({ model, executor, limits, retry }).name).toBe("agent");
  });
});

describe("an agent", () => {
  it("does not change with the object that it was made of", async () => {
    const options = {
      model: new ScriptedModel(["An answer."]),
      executor,
      checkAnswer: () => undefined as string | undefined,
    };
    const agent = new Agent(options);
    options.checkAnswer = () => "No.";
    expect(await agent.run("Go.")).toMatchObject({ status: "answered", output: "An answer." });
  });

  it("takes callbacks that are methods of a class", async () => {
    class Options {
      readonly model = new ScriptedModel(["wrong", "right"]);
      readonly executor = new FakeExecutor([]);
      readonly #right = "right";
      checkAnswer(answer: string): string | undefined {
        return answer === this.#right ? undefined : "No.";
      }
    }
    expect(await new Agent(new Options()).run("Go.")).toMatchObject({ output: "right" });
  });
});

describe("a task that cannot be used", () => {
  const image = (part: object) => ({ text: "Look.", images: [part] });
  it.each<[string, unknown, RegExp]>([
    ["nothing", undefined, /empty/],
    ["null", null, /empty/],
    ["a number", 5, /empty/],
    ["images that are no list", { text: "Look.", images: {} }, /images/],
    ["an image that is a string", { text: "Look.", images: ["a.png"] }, /image/],
    ["an image without a media type", image({ data: "AAAA" }), /mediaType/],
    ["an image that is none", image({ mediaType: "text/plain", data: "AAAA" }), /mediaType/],
    ["an image without data", image({ mediaType: "image/png" }), /data/],
    [
      "an image as a URL",
      image({ mediaType: "image/png", data: "data:image/png;base64,AAAA" }),
      /URL/,
    ],
    ["an image that is not base64", image({ mediaType: "image/png", data: "a.png" }), /base64/],
    ["an image without bytes", image({ mediaType: "image/png", data: new Uint8Array() }), /empty/],
    ["files in a list", { text: "Read.", files: ["a.txt"] }, /files/],
    ["files in a Map", { text: "Read.", files: new Map([["a.txt", "a"]]) }, /files/],
    ["a file of an object", { text: "Read.", files: { "a.json": {} } }, /a\.json/],
    ["a file without a path", { text: "Read.", files: { "": "a" } }, /path/],
  ])("is refused: %s", async (_name, task, message) => {
    const agent = new Agent({ model, executor });
    const events = eventsOf(agent);
    const started = executor.started;
    await expect(agent.run(task as never)).rejects.toMatchObject({ code: "invalid-task" });
    await expect(agent.run(task as never)).rejects.toThrow(message);
    expect(events).toEqual([]);
    expect(executor.started).toBe(started);
  });
});

describe("an option of a run of the wrong type", () => {
  it.each<[string, unknown, RegExp]>([
    ["options", "fast", /options/],
    ["the controller and not its signal", { signal: new AbortController() }, /controller\.signal/],
    ["a signal", { signal: true }, /signal/],
    ["onEvent", { onEvent: {} }, /onEvent/],
  ])("is refused: %s", async (_name, options, message) => {
    const agent = new Agent({ model, executor });
    const refusal = { code: "invalid-option", message: expect.stringMatching(message) as string };
    await expect(agent.run("Go.", options as never)).rejects.toMatchObject(refusal);
    const stream = agent.stream("Go.", options as never);
    await expect(stream.result).rejects.toMatchObject(refusal);
    const session = await agent.session();
    await expect(session.run("Go.", options as never)).rejects.toMatchObject(refusal);
    await session.close();
  });
});

describe("a stored conversation that cannot be used", () => {
  it.each<[string, unknown, RegExp]>([
    ["no list", "Hi.", /array/],
    ["a role of another library", [{ role: "developer", content: [] }], /developer/],
    ["content that is text", [{ role: "user", content: "Hi." }], /content of message 0/],
    [
      "a part of another library",
      [{ role: "user", content: [{ type: "image_url" }] }],
      /image_url/,
    ],
    ["a text part without text", [{ role: "user", content: [{ type: "text" }] }], /no text/],
    ["null", [null], /role/],
  ])("is refused: %s", async (_name, messages, message) => {
    const started = executor.started;
    const opening = new Agent({ model, executor }).session({ messages: messages as never });
    await expect(opening).rejects.toMatchObject({ code: "invalid-option" });
    await expect(opening).rejects.toThrow(message);
    expect(executor.started).toBe(started);
  });

  it("is copied, so that later changes do not reach the session", async () => {
    const messages = [{ role: "user" as const, content: [{ type: "text" as const, text: "Hi." }] }];
    const session = await new Agent({ model, executor }).session({ messages });
    messages[0]?.content.push({ type: "text", text: "More." });
    expect(session.messages[0]?.content).toHaveLength(1);
    await session.close();
  });
});
