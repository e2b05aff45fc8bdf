import { describe, expect, it } from "vitest";
import type { Message } from "../model/message.js";
import { Conversation } from "./conversation.js";

const text = (value: string) => ({ type: "text" as const, text: value });
const user = (value: string): Message => ({ role: "user", content: [text(value)] });

describe("Conversation", () => {
  it("replaces the instructions and keeps the rest", () => {
    const conversation = new Conversation();
    conversation.replace([{ role: "system", content: [text("old")] }, user("task")]);
    conversation.setInstructions("new");
    expect(conversation.messages).toEqual([
      { role: "system", content: [text("new")] },
      user("task"),
    ]);
  });

  it("hands out lists that neither it nor their readers change", () => {
    const conversation = new Conversation();
    conversation.add(user("one"));
    const before = conversation.messages;
    conversation.add(user("two"));
    expect(before).toEqual([user("one")]);
    expect(() => (before as Message[]).push(user("three"))).toThrow(TypeError);
    expect(conversation.messages).toEqual([user("one"), user("two")]);
  });

  it("is not changed by the list that it was made of", () => {
    const given = [user("one")];
    const conversation = new Conversation();
    conversation.replace(given);
    given.push(user("two"));
    expect(conversation.messages).toEqual([user("one")]);
  });
});
