import { describe, expect, it } from "vitest";
import type { AssistantMessage } from "../model/message.js";
import type { ParsedMessage } from "../action-format/contract.js";
import { assistantMessage } from "./history-message.js";

const call = { type: "tool-call" as const, toolCallId: "1", name: "f", arguments: "{}" };
const reasoning = { type: "reasoning" as const, text: "hm", providerData: { id: "r" } };
const text = (value: string, providerData?: string) => ({
  type: "text" as const,
  text: value,
  ...(providerData !== undefined && { providerData }),
});

function historyOf(content: AssistantMessage["content"], readText: string) {
  const reply = { content, toolCalls: [], finishReason: "stop" as const, usage: undefined };
  const parsed: ParsedMessage = { type: "answer", answer: "", thought: "", text: readText };
  return assistantMessage(reply, parsed).content;
}

describe("assistantMessage", () => {
  it("keeps untouched text in its parts, with what the provider attached", () => {
    const content = [reasoning, text("one ", "a"), call, text("two", "b")];
    expect(historyOf(content, "one two")).toEqual(content);
  });

  it("drops empty text, but not what the provider attached to it", () => {
    expect(historyOf([text(""), reasoning], "")).toEqual([reasoning]);
    expect(historyOf([text("", "a"), reasoning], "")).toEqual([text("", "a"), reasoning]);
  });

  it("puts text that the reader changed where the text began", () => {
    const content = [reasoning, text("one"), call, text(" two and more")];
    expect(historyOf(content, "one two")).toEqual([reasoning, text("one two"), call]);
  });

  it("leaves no text where the reader left none", () => {
    expect(historyOf([text(" "), call], "")).toEqual([call]);
  });
});
