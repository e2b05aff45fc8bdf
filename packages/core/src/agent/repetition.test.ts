import { describe, expect, it } from "vitest";
import * as z from "zod";
import { jsonFormat } from "../action-format/json-format.js";
import { nativeToolFormat } from "../action-format/native-tool-format.js";
import { FakeExecutor, ScriptedModel } from "../testing/index.js";
import { tool } from "../tool/tool.js";
import { Agent } from "./agent.js";
import { code } from "./test-support.js";

const note = "You did this before, with the same result.";

/** Whether the last message of each request after the first has the note. */
function notesOf(model: ScriptedModel): boolean[] {
  return model.requests
    .slice(1)
    .map(({ messages }) => JSON.stringify(messages.at(-1)).includes(note));
}

describe("a model that goes round in circles", () => {
  it("is told when code and result are those of the step before", async () => {
    const replies = ["a", "a", "b", "a", "a"].map(code);
    const model = new ScriptedModel([...replies, "done"]);
    const executor = new FakeExecutor((source) => `result of ${source}`);
    await new Agent({ model, executor }).run("Go.");
    expect(notesOf(model)).toEqual([false, true, false, false, true]);
  });

  it("is told when the same error comes in another cell", async () => {
    const model = new ScriptedModel([code("x"), code("x"), "done"]);
    let cell = 0;
    const executor = new FakeExecutor(() => `Cell ${++cell}, line 1: no x`);
    await new Agent({ model, executor }).run("Go.");
    expect(notesOf(model)).toEqual([false, true]);
  });

  it("is told nothing while the same code has other results, as when it waits", async () => {
    const model = new ScriptedModel([code("poll()"), code("poll()"), "done"]);
    let polls = 0;
    const executor = new FakeExecutor(() => ++polls);
    await new Agent({ model, executor }).run("Go.");
    expect(notesOf(model)).toEqual([false, false]);
  });

  it("is told in the native format, whose calls have other ids", async () => {
    const call = (toolCallId: string) => ({
      toolCalls: [{ toolCallId, name: "execute_python", arguments: { code: "1" } }],
    });
    const model = new ScriptedModel([call("one"), call("two"), "done"]);
    const executor = new FakeExecutor(() => 1);
    await new Agent({ model, executor, actionFormat: nativeToolFormat() }).run("Go.");
    expect(notesOf(model)).toEqual([false, true]);
  });

  it("is told in the JSON format", async () => {
    const add = tool({
      name: "add",
      description: "Adds.",
      inputSchema: z.object({ left: z.number(), right: z.number() }),
      execute: ({ left, right }) => left + right,
    });
    const call = (left: number) => JSON.stringify({ action: "add", arguments: { left, right: 2 } });
    const model = new ScriptedModel([call(1), call(1), call(2), "done"]);
    await new Agent({ model, tools: [add], actionFormat: jsonFormat() }).run("Go.");
    expect(notesOf(model)).toEqual([false, true, false]);
  });
});
