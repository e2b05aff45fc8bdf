import type { Message } from "@codeact/core";
import { describe, expect, it } from "vitest";
import { toWireMessages } from "./messages.js";

const text = (value: string) => ({ type: "text" as const, text: value });
const image = { type: "image" as const, mediaType: "image/png", data: "AAAA" };
const call = (args: string) => ({
  type: "tool-call" as const,
  toolCallId: "c1",
  name: "f",
  arguments: args,
});
const wireCall = (args: string) => ({
  id: "c1",
  type: "function",
  function: { name: "f", arguments: args },
});

describe("toWireMessages", () => {
  const cases: { name: string; message: Message; expected: unknown[] }[] = [
    {
      name: "instructions",
      message: { role: "system", content: [text("a"), text("b")] },
      expected: [{ role: "system", content: "ab" }],
    },
    {
      name: "plain text",
      message: { role: "user", content: [text("a"), text("b")] },
      expected: [{ role: "user", content: "ab" }],
    },
    {
      name: "an image",
      message: { role: "user", content: [text("look"), image] },
      expected: [
        {
          role: "user",
          content: [
            { type: "text", text: "look" },
            { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
          ],
        },
      ],
    },
    {
      name: "half a surrogate pair",
      message: { role: "user", content: [text("a\uD83D b \uDE00 😀")] },
      expected: [{ role: "user", content: "a\uFFFD b \uFFFD 😀" }],
    },
    {
      name: "an assistant's text, without its reasoning",
      message: { role: "assistant", content: [{ type: "reasoning", text: "hm" }, text("yes")] },
      expected: [{ role: "assistant", content: "yes" }],
    },
    {
      name: "a tool call",
      message: { role: "assistant", content: [text("so"), call('{"x":1}')] },
      expected: [{ role: "assistant", content: "so", tool_calls: [wireCall('{"x":1}')] }],
    },
    {
      name: "a tool call without text or arguments",
      message: { role: "assistant", content: [call("")] },
      expected: [{ role: "assistant", content: null, tool_calls: [wireCall("{}")] }],
    },
    {
      name: "malformed arguments, as legal ones",
      message: { role: "assistant", content: [call('{"x": oops')] },
      expected: [
        {
          role: "assistant",
          content: null,
          tool_calls: [wireCall('{"malformed_arguments":"{\\"x\\": oops"}')],
        },
      ],
    },
    {
      name: "a provider's addition to a call",
      message: {
        role: "assistant",
        content: [
          { ...call("{}"), providerData: { api: "chat-completions", extraContent: { s: 1 } } },
        ],
      },
      expected: [
        {
          role: "assistant",
          content: null,
          tool_calls: [{ ...wireCall("{}"), extra_content: { s: 1 } }],
        },
      ],
    },
    {
      name: "tool results, images as a note",
      message: {
        role: "tool",
        content: [
          { type: "tool-result", toolCallId: "a", name: "f", content: [text("1"), image] },
          { type: "tool-result", toolCallId: "b", name: "f", content: [], isError: true },
        ],
      },
      expected: [
        { role: "tool", tool_call_id: "a", content: expect.stringMatching(/^1\n\[An image/) },
        { role: "tool", tool_call_id: "b", content: "" },
      ],
    },
  ];
  it.each(cases)("converts $name", ({ message, expected }) => {
    expect(toWireMessages([message], { sendReasoning: true })).toEqual(expected);
  });
});

describe("reasoning", () => {
  const reasoning = (value: string, details: number[] = []) => ({
    type: "reasoning" as const,
    text: value,
    providerData: { api: "chat-completions", field: "reasoning_content", details },
  });
  const message: Message = {
    role: "assistant",
    content: [reasoning("a", [1]), reasoning("b", [2]), text("x"), call("{}")],
  };

  it("goes back beside the tool calls that it led to", () => {
    expect(toWireMessages([message], { sendReasoning: true })).toEqual([
      {
        role: "assistant",
        content: "x",
        tool_calls: [wireCall("{}")],
        reasoning_content: "ab",
        reasoning_details: [1, 2],
      },
    ]);
  });

  it("stays away where the server refused it", () => {
    const [wire] = toWireMessages([message], { sendReasoning: false });
    expect(wire).not.toHaveProperty("reasoning_content");
    expect(wire).not.toHaveProperty("reasoning_details");
  });

  it("of another adapter stays away", () => {
    const foreign = { ...reasoning("a"), providerData: { signature: "s" } };
    const [wire] = toWireMessages([{ role: "assistant", content: [foreign, call("{}")] }], {
      sendReasoning: true,
    });
    expect(wire).not.toHaveProperty("reasoning_content");
  });
});
