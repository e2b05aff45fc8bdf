import * as z from "zod";
import { describe, expect, it } from "vitest";
import { describeAnswer } from "../tool/answer-declaration.js";
import { Agent } from "../agent/agent.js";
import { FakeExecutor } from "../testing/fake-executor/fake-executor.js";
import { ScriptedModel } from "../testing/scripted-model.js";
import { codeActAgentFormat } from "./codeact-agent-format.js";
import type { InstructionsContext } from "./contract.js";
import { testTools } from "./tools.test-support.js";

const context: InstructionsContext = {
  tools: [],
  answer: { type: "str", definitions: "" },
  limits: { steps: 20, cellTimeoutMs: 60_000, observationCharacters: 10_000 },
};
const format = codeActAgentFormat();
const instructions = (given: InstructionsContext): string => format.instructions(given);

describe("the prompt", () => {
  it("has the models' structure", () => {
    const prompt = instructions(context);
    const order = ["helpful assistant", "Jupyter", "<execute>", "!pip install", "60 seconds"];
    const places = order.map((part) => prompt.indexOf(part));
    expect(places.every((place, index) => place > (places[index - 1] ?? 0))).toBe(true);
    expect(prompt).toContain("20 messages");
    expect(prompt).not.toContain("Tool function");
  });

  it("says nothing of limits that there are not", () => {
    const none = Number.POSITIVE_INFINITY;
    const limits = { ...context.limits, steps: none, cellTimeoutMs: none };
    expect(instructions({ ...context, limits })).not.toMatch(/Infinity|seconds|at most/);
  });

  it("numbers the tools by signature and description", () => {
    const [, list = ""] = instructions({ ...context, tools: testTools }).split("environment):\n");
    expect(list).toMatch(/^\[1\] get_weather\(city: str, .*\).*\nWeather of a city\.\n/);
    expect(list).toMatch(/\n\[4\] add\(left: float, right: float\).*\nAdds\./);
    expect(list.match(/^\[\d+\] \w+\(/gm)).toHaveLength(testTools.length);
    expect(list).not.toMatch(/"""|^def |from typing/m);
  });

  it("gives the type of the answer", () => {
    const answer = describeAnswer(z.object({ celsius: z.number() })).description;
    const prompt = instructions({ ...context, answer });
    expect(prompt).toContain(` ${answer.type}.`);
    expect(prompt).toContain("celsius: float");
  });
});

it("runs code and shows its output in the models' words", async () => {
  const model = new ScriptedModel([
    "Let me see. <execute> print(6 * 7) </execute>",
    "The answer is 42.",
  ]);
  const executor = new FakeExecutor((_code, { print }) => print("42"));
  const agent = new Agent({ model, executor, actionFormat: codeActAgentFormat() });
  expect(await agent.run("What is 6 × 7?")).toMatchObject({
    status: "answered",
    output: "The answer is 42.",
  });
  const [first, second] = model.requests;
  expect(first?.stop).toEqual(["</execute>", "<|im_end|>", "<|im_start|>"]);
  expect(second?.messages.at(-1)).toEqual({
    role: "user",
    content: [{ type: "text", text: "Execution Output:\n42" }],
  });
});
