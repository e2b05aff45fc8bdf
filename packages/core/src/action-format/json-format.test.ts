import { describe, expect, it } from "vitest";
import { jsonFormat } from "./json-format.js";
import { readWhole, type TestMessage } from "./reader.test-support.js";
import { testTools } from "./tools.test-support.js";

const read = (message: string, finishReason: TestMessage["finishReason"] = "stop") =>
  readWhole(jsonFormat(), { message, finishReason, tools: testTools });

const weather = '{"tool": "get_weather", "args": {"city": "Oslo", "days": 2}}';
const oslo = { city: "Oslo", days: 2 };

const calls: readonly [name: string, message: string, tool: string, args: unknown][] = [
  ["an object", weather, "get_weather", oslo],
  ["an object in prose", `I ask.\n${weather}\nThen I wait.`, "get_weather", oslo],
  ["an object in a fence", `\`\`\`json\n${weather}\n\`\`\``, "get_weather", oslo],
  ["an object in a nameless fence", `\`\`\`\n${weather}\n\`\`\``, "get_weather", oslo],
  ["an object on several lines", weather.replace(/, /g, ",\n  "), "get_weather", oslo],
  ["positional arguments", '{"tool": "add", "args": [1, 2.5]}', "add", [1, 2.5]],
  ["one bare argument", '{"tool": "get_weather", "args": "Oslo"}', "get_weather", ["Oslo"]],
  ["no arguments", '{"tool": "view"}', "view", {}],
  ["null as arguments", '{"tool": "view", "args": null}', "view", {}],
  ["name and arguments", '{"name": "view", "arguments": {}}', "view", {}],
  ["action and input", '{"action": "view", "action_input": {}}', "view", {}],
  ["function and parameters", '{"function": "view", "parameters": {}}', "view", {}],
  ["arguments in a string", '{"name": "add", "arguments": "{\\"left\\": 1}"}', "add", { left: 1 }],
  ["an API's nesting", '{"function": {"name": "view", "arguments": "{}"}}', "view", {}],
  [
    "arguments beside the name",
    '{"tool": "get_weather", "city": "Oslo"}',
    "get_weather",
    { city: "Oslo" },
  ],
  [
    "single quotes",
    "{'tool': 'add', 'args': {'left': 1, 'right': None}}",
    "add",
    { left: 1, right: null },
  ],
  ["a trailing comma", '{"tool": "add", "args": {"left": 1,},}', "add", { left: 1 }],
  ["bare keys", '{tool: "add", args: {left: 1, right: True}}', "add", { left: 1, right: true }],
  ["missing brackets at the end", '{"tool": "add", "args": {"left": 1', "add", { left: 1 }],
  ["the first of two objects", `${weather}\n{"tool": "view"}`, "get_weather", oslo],
  ["the first of a list", `[${weather}, {"tool": "view"}]`, "get_weather", oslo],
  ["braces in prose before it", `The set {a, b} and {x}.\n${weather}`, "get_weather", oslo],
  ["an object of data before it", `{"a": 1}\n${weather}`, "get_weather", oslo],
  ["a final answer", '{"answer": [1, 2]}', "final_answer", { value: [1, 2] }],
  ["an empty final answer", '{"answer": null}', "final_answer", { value: null }],
  [
    "final_answer as a tool",
    '{"tool": "final_answer", "args": {"value": 3}}',
    "final_answer",
    { value: 3 },
  ],
  [
    "final_answer with a list",
    '{"tool": "final_answer", "args": [3]}',
    "final_answer",
    { value: 3 },
  ],
  [
    "final_answer with a bare value",
    '{"tool": "final_answer", "args": "a"}',
    "final_answer",
    { value: "a" },
  ],
  [
    "final_answer with the object itself",
    '{"tool": "final_answer", "args": {"city": "Oslo", "celsius": 3}}',
    "final_answer",
    { value: { city: "Oslo", celsius: 3 } },
  ],
  ["a call behind reasoning", `<think>{"tool": "view"}</think>${weather}`, "get_weather", oslo],
]; // prettier-ignore

describe("the reader of jsonFormat()", () => {
  it.each(calls)("reads %s", (_name, message, name, args) => {
    expect(read(message)).toMatchObject({
      type: "action",
      actions: [{ type: "call", name, arguments: args }],
    });
  });

  it("cuts the message where the action ends", () => {
    expect(read(`I ask.\n\`\`\`json\n${weather}\n\`\`\`\nObservation:\n3`)).toMatchObject({
      thought: "I ask.",
      text: `I ask.\n\`\`\`json\n${weather}\n\`\`\``,
    });
    expect(read(`I ask. ${weather} {"answer": 3}`)).toMatchObject({
      thought: "I ask.",
      text: `I ask. ${weather}`,
    });
  });

  it.each([
    ["a message without an object", "It is 4.", "It is 4."],
    ["data without a call", '{"celsius": 3, "city": "Oslo"}', '{"celsius": 3, "city": "Oslo"}'],
    ["data with a name", '{"name": "Oslo", "celsius": 3}', '{"name": "Oslo", "celsius": 3}'],
    [
      "data with an answer among others",
      '{"answer": 1, "unit": "m"}',
      '{"answer": 1, "unit": "m"}',
    ],
    ["a call in reasoning only", '<think>{"tool": "view"}</think>4', "4"],
    ["braces that are no JSON", "f(x) = {x if x > 0", "f(x) = {x if x > 0"],
  ])("takes %s as the answer", (_name, message, answer) => {
    expect(read(message)).toMatchObject({ type: "answer", answer });
  });

  it("names the tools where one is unknown", () => {
    const parsed = read('{"tool": "fly", "args": {}}');
    expect(parsed).toMatchObject({ type: "invalid", reason: "unknown-tool" });
    expect(parsed).toMatchObject({
      hint: 'There is no tool "fly", so nothing was run. The tools are: get_weather, find, view, add, store.',
    });
  });

  it.each([
    ["nothing", "", "stop", "empty"],
    ["reasoning only", "<think>a", "stop", "empty"],
    ["a call with code in it", 'So: {"tool": "add", "args": {"left": 1**2}}', "stop", "malformed"],
    ["an answer with code in it", '{"answer": 1 + 2}', "stop", "malformed"],
    [
      "a call with code in it that was cut",
      '{"tool": "add", "args": {"l": 1**',
      "length",
      "truncated",
    ],
    ["a call that was cut", '{"tool": "add", "args": {"left": 1', "length", "truncated"],
    ["an answer that was cut", "It is", "length", "truncated"],
    ["an observation that the model made up", "Observation:\n16", "stop", "invented-observation"],
    ["a filtered message", "It is", "content-filter", "content-filter"],
  ] as const)("refuses %s", (_name, message, finishReason, reason) => {
    expect(read(message, finishReason)).toMatchObject({ type: "invalid", reason });
  });

  it("takes a whole call although the length limit cut what follows", () => {
    expect(read(`${weather} and th`, "length")).toMatchObject({ type: "action" });
  });
});
