import { describe, expect, it } from "vitest";
import type { Message, ToolCallPart } from "../model/message.js";
import type { FinishReason } from "../model/model.js";
import type { ActionObservation } from "./contract.js";
import { nativeToolFormat } from "./native-tool-format.js";
import { readWhole } from "./reader.test-support.js";

const format = nativeToolFormat();
const image = { type: "image", mediaType: "image/png", data: "AA" } as const;

function call(args: string, toolCallId = "a", name = "execute_python"): ToolCallPart {
  return { type: "tool-call", toolCallId, name, arguments: args };
}

function read(toolCalls: ToolCallPart[], message = "", finishReason: FinishReason = "tool-calls") {
  return readWhole(format, { message, toolCalls, finishReason });
}

/** Arguments and the code in them. */
const sources: readonly [string, string, string][] = [
  ["JSON", '{"code": "x = 1\\nprint(x)"}', "x = 1\nprint(x)"],
  ["Windows line ends", '{"code": "x = 1\\r\\nprint(x)\\r\\n"}', "x = 1\nprint(x)"],
  ["escapes", String.raw`{"code": "print(\"\u00e9\\n\")"}`, String.raw`print("é\n")`],
  ["another key", '{"python": "print(1)"}', "print(1)"],
  ["several keys, one a string", '{"input": "print(1)", "timeout": 5}', "print(1)"],
  ["code among other strings", '{"language": "python", "code": "print(1)"}', "print(1)"],
  ["a list of lines", '{"code": ["a = 1", "print(a)"]}', "a = 1\nprint(a)"],
  ["a JSON string", '"print(1)"', "print(1)"],
  ["code that is no JSON", "print(1)", "print(1)"],
  ["code that begins like a list", "[print(i) for i in [1]]", "[print(i) for i in [1]]"],
  ["line breaks in a JSON string", '{"code": "x = 1\nprint(x)"}', "x = 1\nprint(x)"],
  ["single quotes", "{'code': 'print(1)'}", "print(1)"],
  ["a missing end", '{"code": "print(1)"', "print(1)"],
  ["a missing quote and end", '{"code": "print(1)', "print(1)"],
  ["quotes that were not escaped", '{"code": "print("hi")"}', 'print("hi")'],
  ["a fence in the code", '{"code": "```python\\nprint(1)\\n```"}', "print(1)"],
  ["tags in the code", '{"code": "<execute>\\nprint(1)\\n</execute>"}', "print(1)"],
  ["a tag in a string of the code", '{"code": "s = \\"a <execute> b\\""}', 's = "a <execute> b"'],
  ["__proto__", '{"__proto__": "print(1)"}', "print(1)"],
];

describe("the reader of nativeToolFormat()", () => {
  it.each(sources)("reads %s", (_name, source, code) => {
    expect(read([call(source)])).toEqual({
      type: "action",
      actions: [{ type: "code", code, toolCallId: "a" }],
      thought: "",
      text: "",
    });
  });

  it("reads several calls in order, and the text as the thought", () => {
    const calls = [call('{"code": "a = 1"}', "1"), call('{"code": "print(a)"}', "2")];
    expect(read(calls, "<think>Hm.</think>First a.")).toEqual({
      type: "action",
      actions: [
        { type: "code", code: "a = 1", toolCallId: "1" },
        { type: "code", code: "print(a)", toolCallId: "2" },
      ],
      thought: "Hm.\nFirst a.",
      text: "<think>Hm.</think>First a.",
    });
  });

  it.each(["functions.execute_python", "python", "Execute_Python"])("knows the name %s", (name) => {
    expect(read([call('{"code": "1"}', "a", name)]).type).toBe("action");
  });

  it.each([
    ["no arguments", "", "malformed"],
    ["an empty object", "{}", "malformed"],
    ["empty code", '{"code": " "}', "malformed"],
    ["no string", '{"code": 5}', "malformed"],
    ["two strings of which none is the code", '{"a": "x", "b": "y"}', "malformed"],
    ["broken JSON", '{"code": ]', "malformed"],
  ])("refuses %s", (_name, source, reason) => {
    expect(read([call(source)])).toMatchObject({ type: "invalid", reason });
  });

  it("refuses arguments that the length limit cut, and takes whole ones", () => {
    expect(read([call('{"code": "delete(')], "", "length")).toMatchObject({ reason: "truncated" });
    expect(read([call("delete(")], "", "length")).toMatchObject({ reason: "truncated" });
    expect(read([call('{"code": "print(1)"}')], "", "length")).toMatchObject({ type: "action" });
  });

  it("refuses a message with an unknown tool as a whole", () => {
    const calls = [call('{"code": "1"}', "1"), call("{}", "2", "get_weather")];
    const parsed = read(calls);
    expect(parsed).toMatchObject({ type: "invalid", reason: "unknown-tool" });
    expect(parsed).toMatchObject({ hint: expect.stringContaining("get_weather") as string });
  });

  it("takes a message without a call as the answer", () => {
    expect(read([], "It is 4.", "stop")).toMatchObject({ type: "answer", answer: "It is 4." });
    expect(read([], " ", "stop")).toMatchObject({ type: "invalid", reason: "empty" });
  });

  it("runs code in the text, as codeFormat() does", () => {
    const actions = [{ type: "code", code: "print(1)" }];
    expect(read([], "<execute>\nprint(1)\n</execute>", "stop")).toMatchObject({ actions });
    expect(read([], "```python\nprint(1)\n```", "stop")).toMatchObject({ actions });
  });

  it("takes a fence for a listing once the tool was called", () => {
    const messages: Message[] = [{ role: "assistant", content: [call('{"code": "1"}')] }];
    const reader = format.reader({ tools: [], messages });
    reader.push("```python\nprint(1)\n```");
    expect(reader.end({ finishReason: "stop", toolCalls: [] }).type).toBe("answer");
  });
});

const observe = (id: string | undefined, text: string, images = [] as (typeof image)[]) =>
  ({
    action: { type: "code", code: "1", ...(id !== undefined && { toolCallId: id }) },
    text,
    images,
  }) satisfies ActionObservation;

/** The text of each result, by the id of its call. */
function results(messages: readonly Message[]): [string, string][] {
  return messages.flatMap((message) =>
    message.role === "tool"
      ? message.content.map((part): [string, string] => [
          part.toolCallId,
          part.content.map((piece) => (piece.type === "text" ? piece.text : "[image]")).join(""),
        ])
      : [],
  );
}

describe("the observations of nativeToolFormat()", () => {
  const context = {
    stepsLeft: 10,
    toolCalls: [call("1", "1"), call("2", "2")],
  };

  it("answer each call once, in order", () => {
    const messages = format.renderObservations([observe("1", "one"), observe("2", "two")], context);
    expect(messages).toHaveLength(1);
    expect(results(messages)).toEqual([
      ["1", "one"],
      ["2", "two"],
    ]); // prettier-ignore
  });

  it("answer a call that did not run", () => {
    const messages = format.renderObservations([observe("1", "one")], context);
    expect(results(messages)).toEqual([
      ["1", "one"],
      ["2", "Not run."],
    ]); // prettier-ignore
    expect(messages[0]).toMatchObject({ content: [{}, { isError: true }] });
  });

  it("answer a call that the context does not list", () => {
    const messages = format.renderObservations([observe("1", "one")], {
      ...context,
      toolCalls: [],
    });
    expect(results(messages)).toEqual([["1", "one"]]);
  });

  it("hold images", () => {
    const observations = [observe("1", "one", [image]), observe("2", "two")];
    expect(results(format.renderObservations(observations, context))).toEqual([
      ["1", "one[image]"],
      ["2", "two"],
    ]); // prettier-ignore
  });

  it("answer code in the text by a user message", () => {
    const messages = format.renderObservations([observe(undefined, "one")], {
      ...context,
      toolCalls: [],
    });
    expect(messages).toEqual([
      { role: "user", content: [{ type: "text", text: "Observation:\none" }] },
    ]);
  });

  it("say how many steps are left in the last result", () => {
    const observations = [observe("1", "one"), observe("2", "two")];
    expect(results(format.renderObservations(observations, { ...context, stepsLeft: 2 }))).toEqual([
      ["1", "one"],
      ["2", "two\n\n[2 steps left.]"],
    ]);
  });

  it("answer every call of a refused message", () => {
    const messages = format.renderFeedback("Wrong.", context);
    expect(results(messages)).toEqual([
      ["1", "Wrong."],
      ["2", "Wrong."],
    ]); // prettier-ignore
    expect(messages[0]).toMatchObject({ content: [{ isError: true }, { isError: true }] });
    expect(format.renderFeedback("Wrong.", { ...context, toolCalls: [] })).toEqual([
      { role: "user", content: [{ type: "text", text: "Wrong." }] },
    ]);
  });
});
