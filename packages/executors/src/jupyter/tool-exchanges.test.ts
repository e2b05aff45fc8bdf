import { describe, expect, it } from "vitest";
import { encodeToolResult } from "../bridge/host-frame.js";
import { ProtocolError } from "../bridge/protocol-error.js";
import { kernelMessage } from "./kernel-message.js";
import { ToolExchanges } from "./tool-exchanges.js";

interface Reply {
  value: string;
  bytes: number;
}

function exchanges() {
  const dispatched: string[] = [];
  const replies: Reply[] = [];
  const subject = new ToolExchanges({
    dispatch: (calls) => dispatched.push(...calls.map(({ id }) => id)),
    reply: (_, value, buffers) =>
      replies.push({ value, bytes: buffers.reduce((sum, { length }) => sum + length, 0) }),
  });
  const ask = (prompt: unknown, ...frames: readonly string[]) => {
    const buffers = frames.map((frame) => new TextEncoder().encode(frame));
    const content = { prompt };
    const request = { channel: "stdin", type: "input_request", content, buffers } as const;
    subject.take(kernelMessage("s", request));
  };
  return { subject, dispatched, replies, ask };
}

const call = (id: string) =>
  `${JSON.stringify({ type: "tool-call", id, cell: 1, name: "echo", input: 1 })}\n`;
const request = (id: string) => JSON.stringify({ codeact: id, after: 3 });
const values = (replies: readonly Reply[]) =>
  replies.map(({ value }) => JSON.parse(value) as unknown);

describe("ToolExchanges", () => {
  it("answers all calls of a request together", () => {
    const { subject, dispatched, replies, ask } = exchanges();
    ask(request("1-1"), call("1") + call("2"));
    expect(dispatched).toEqual(["1", "2"]);
    subject.answer(encodeToolResult("2", "b", false));
    expect(replies).toEqual([]);
    subject.answer(encodeToolResult("1", "a", false));
    expect(values(replies)).toEqual([{ codeact: "1-1", part: 0, parts: 1 }]);
  });

  it("carries no request out twice, and sends its answer again", () => {
    const { subject, dispatched, replies, ask } = exchanges();
    ask(request("1-1"), call("1"));
    ask(request("1-1"), call("1"));
    ask(request("1-1"));
    expect([dispatched, replies]).toEqual([["1"], []]);
    subject.answer(encodeToolResult("1", "a", false));
    ask(request("1-1"));
    expect(dispatched).toEqual(["1"]);
    expect(replies).toHaveLength(2);
  });

  it("asks for a request of which it has only a reminder", () => {
    const { replies, ask } = exchanges();
    ask(request("1-1"));
    expect(values(replies)).toEqual([{ codeact: "1-1", unknown: true }]);
  });

  it("sends large answers in parts", () => {
    const { subject, replies, ask } = exchanges();
    ask(request("1-1"), call("1"));
    subject.answer(encodeToolResult("1", new Uint8Array(9 * 1024 * 1024), false));
    expect(values(replies)).toMatchObject([
      { part: 0, parts: 3 },
      { part: 1, parts: 3 },
      { part: 2, parts: 3 },
    ]);
    for (const { bytes } of replies) expect(bytes).toBeLessThan(5 * 1024 * 1024);
  });

  it("drops answers of what was given up", () => {
    const { subject, replies, ask } = exchanges();
    ask(request("1-1"), call("1"));
    ask(request("1-2"), call("2"));
    subject.answer(encodeToolResult("1", "late", false));
    subject.clear();
    subject.answer(encodeToolResult("2", "late", false));
    expect(replies).toEqual([]);
  });

  it.each(["Your name? ", '{"codeact": 5}', "[]", "null", undefined])(
    "takes %j for input, and there is none",
    (prompt) => {
      const { dispatched, replies, ask } = exchanges();
      ask(prompt, call("1"));
      expect([dispatched, replies]).toEqual([[], [{ value: "\u0004", bytes: 0 }]]);
    },
  );

  it.each([
    ["something else than calls", '{"type":"done","cell":1,"status":"ok"}\n'],
    ["no frames", "not JSON\n"],
    ["one id twice", call("1") + call("1")],
  ])("refuses %s", (_, frames) => {
    const { ask } = exchanges();
    expect(() => ask(request("1-1"), frames)).toThrow(ProtocolError);
  });
});
