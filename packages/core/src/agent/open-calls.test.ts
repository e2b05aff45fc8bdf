import { describe, expect, it } from "vitest";
import type { Message } from "../model/message.js";
import { closeOpenCalls } from "./open-calls.js";

const call = (...ids: string[]): Message => ({
  role: "assistant",
  content: ids.map((id) => ({
    type: "tool-call",
    toolCallId: id,
    name: "execute_python",
    arguments: "{}",
  })),
});

const result = (...ids: string[]): Message => ({
  role: "tool",
  content: ids.map((id) => ({
    type: "tool-result",
    toolCallId: id,
    name: "execute_python",
    content: [{ type: "text", text: "3" }],
  })),
});

const task: Message = { role: "user", content: [{ type: "text", text: "Go on." }] };

const answeredIds = (messages: readonly Message[]): string[] =>
  messages.flatMap((message) =>
    message.role === "tool" ? message.content.map(({ toolCallId }) => toolCallId) : [],
  );

describe("closeOpenCalls", () => {
  it("leaves a legal conversation as it is", () => {
    const messages = [task, call("a", "b"), result("a"), result("b"), call("c"), result("c"), task];
    expect(closeOpenCalls(messages)).toEqual(messages);
  });

  it("answers the calls of a last message", () => {
    const closed = closeOpenCalls([task, call("a", "b")]);
    expect(closed).toHaveLength(3);
    expect(answeredIds(closed)).toEqual(["a", "b"]);
    expect(closed[2]).toMatchObject({ role: "tool", content: [{ isError: true }, {}] });
  });

  it("answers what is missing in between, before the next message", () => {
    const closed = closeOpenCalls([call("a", "b"), result("a"), task, call("c"), task]);
    expect(closed.map(({ role }) => role)).toEqual(
      "assistant tool tool user assistant tool user".split(" "),
    );
    expect(answeredIds(closed)).toEqual(["a", "b", "c"]);
  });
});
