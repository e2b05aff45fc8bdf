import { describe, expect, it } from "vitest";
import { readWhole, type TestMessage } from "./reader.test-support.js";
import { testTools } from "./tools.test-support.js";
import { textFormat } from "./text-format.js";

const read = (message: string, finishReason: TestMessage["finishReason"] = "stop") =>
  readWhole(textFormat(), { message, finishReason, tools: testTools });

const calls: readonly [name: string, message: string, tool: string, args: unknown][] = [
  [
    "named arguments",
    "Action: get_weather, city=Oslo, days=2",
    "get_weather",
    { city: "Oslo", days: 2 },
  ],
  [
    "named arguments with colons",
    "Action: get_weather, city: Oslo, days: 2",
    "get_weather",
    { city: "Oslo", days: 2 },
  ],
  ["positional arguments", "Action: get_weather, Oslo, 2", "get_weather", ["Oslo", 2]],
  ["both", "Action: get_weather, Oslo, days=2", "get_weather", { city: "Oslo", days: 2 }],
  ["no arguments", "Action: view", "view", []],
  ["no arguments in parentheses", "Action: view()", "view", []],
  [
    "a call in Python's syntax",
    'Action: get_weather(city="Oslo, Norway", days=2)',
    "get_weather",
    { city: "Oslo, Norway", days: 2 },
  ],
  [
    "a call over several lines",
    'Action: get_weather(\n  "Oslo",\n  2\n)',
    "get_weather",
    ["Oslo", 2],
  ],
  [
    "a comma in quotes",
    'Action: get_weather, city="Oslo, Norway"',
    "get_weather",
    { city: "Oslo, Norway" },
  ],
  [
    "a comma in single quotes",
    "Action: get_weather, 'Oslo, Norway'",
    "get_weather",
    ["Oslo, Norway"],
  ],
  [
    "an apostrophe",
    "Action: get_weather, city=L'Aquila, days=1",
    "get_weather",
    { city: "L'Aquila", days: 1 },
  ],
  [
    "an unclosed quote",
    "Action: get_weather, city='Oslo, days=1",
    "get_weather",
    { city: "'Oslo", days: 1 },
  ],
  ["a number where text is wanted", "Action: get_weather, city=42", "get_weather", { city: "42" }],
  ["a quoted number where a number is wanted", "Action: add, \"1\", '2.5'", "add", [1, 2.5]],
  ["negative numbers and exponents", "Action: add, -1, 2e3", "add", [-1, 2000]],
  ["text where a number is wanted", "Action: add, one, 2", "add", ["one", 2]],
  [
    "a flag",
    "Action: get_weather, Oslo, detailed=True",
    "get_weather",
    { city: "Oslo", detailed: true },
  ],
  ["a list", "Action: find, from=Oslo, tags=[a, b]", "find", { from: "Oslo", tags: "[a, b]" }],
  ["a list in JSON", "Action: find, Oslo, ['a', \"b\"]", "find", ["Oslo", ["a", "b"]]],
  ["null", "Action: find, Oslo, None", "find", ["Oslo", null]],
  ["the name in Python", "Action: find, from_=Oslo", "find", { from: "Oslo" }],
  [
    "one JSON object",
    'Action: get_weather, {"city": "Oslo", "days": 2}',
    "get_weather",
    { city: "Oslo", days: 2 },
  ],
  [
    "an action input",
    'Action: get_weather\nAction Input: {"city": "Oslo"}',
    "get_weather",
    { city: "Oslo" },
  ],
  ["any type: a number", "Action: store, 3", "store", [3]],
  ["any type: a float", "Action: store, 3.5", "store", [3.5]],
  ["any type: text", "Action: store, a b", "store", ["a b"]],
  ["any type: a quoted number", 'Action: store, "3"', "store", ["3"]],
  ["any type: an object", "Action: store, value={'a': [1]}", "store", { value: { a: [1] } }],
  ["an equals sign that names no parameter", "Action: store, a=b", "store", ["a=b"]],
  ["a web address", "Action: get_weather, https://a.b/c?d=e", "get_weather", ["https://a.b/c?d=e"]],
  ["a marker in bold", "**Action:** view", "view", []],
  ["a name in backticks", "Action: `view`", "view", []],
  ["a thought before it", "Thought: I look.\nAction: view", "view", []],
  ["what follows the line, dropped", "Action: view\nObservation: 1\nAnswer: 1", "view", []],
  ["a marker in small letters", "action: view", "view", []],
  ["surplus arguments", "Action: add, 1, 2, 3", "add", [1, 2, 3]],
]; // prettier-ignore

describe("the reader of textFormat()", () => {
  it.each(calls)("reads %s", (_name, message, name, args) => {
    const parsed = read(message);
    expect(parsed).toMatchObject({ type: "action", actions: [{ type: "call", name }] });
    expect(parsed.type === "action" && parsed.actions[0]).toMatchObject({ arguments: args });
  });

  it("cuts the message where the action ends", () => {
    expect(read("Thought: I look.\nAction: add, 1, 2\nObservation: 3\nAnswer: 3")).toMatchObject({
      thought: "Thought: I look.",
      text: "Thought: I look.\nAction: add, 1, 2",
    });
  });

  it.each([
    ["a marked answer", "I know.\nAnswer: 42", "42"],
    ["a final answer", "Final Answer: 42", "42"],
    ["an answer of several lines", "Answer: a\nb\n\nc", "a\nb\n\nc"],
    ["an answer before an invented action", "Answer: 42\nAction: view", "42"],
    ["final_answer as a tool", "Action: final_answer, a, b", "a, b"],
    ["a message without a marker", "It is 42.", "It is 42."],
    ["a message that mentions the marker", "The best Action: none.", "The best Action: none."],
    ["an action in reasoning only", "<think>Action: view\n</think>42", "42"],
  ])("takes %s", (_name, message, answer) => {
    expect(read(message)).toMatchObject({ type: "answer", answer });
  });

  it.each([
    ["nothing", "", "stop", "empty"],
    ["an empty answer", "Answer: ", "stop", "empty"],
    ["an action without a name", "Action:", "stop", "malformed"],
    ["an unknown tool", "Action: fly, Oslo", "stop", "unknown-tool"],
    ["an action that was cut", "Action: add, 1, 2", "length", "truncated"],
    ["an answer that was cut", "Answer: it is", "length", "truncated"],
    ["an observation that the model made up", "Observation: 16", "stop", "invented-observation"],
    ["a filtered message", "It is", "content-filter", "content-filter"],
  ] as const)("refuses %s", (_name, message, finishReason, reason) => {
    expect(read(message, finishReason)).toMatchObject({ type: "invalid", reason });
  });

  it("takes a whole action although the length limit cut what follows", () => {
    expect(read("Action: view\nObserv", "length")).toMatchObject({ type: "action" });
  });
});
