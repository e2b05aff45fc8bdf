import { describe, expect, it } from "vitest";
import type { ImagePart, Message, UserMessage } from "../model/message.js";
import { Conversation } from "./conversation.js";

const text = (value: string) => ({ type: "text" as const, text: value });
const image = (data: string): ImagePart => ({ type: "image", mediaType: "image/png", data });
const user = (...content: UserMessage["content"]): UserMessage => ({ role: "user", content });
const assistant = (value: string): Message => ({ role: "assistant", content: [text(value)] });

function imagesOf(messages: readonly Message[]): string[] {
  return JSON.stringify(messages).match(/"data":"[^"]*"/g) ?? [];
}

describe("Conversation", () => {
  it("replaces the instructions and keeps the rest", () => {
    const conversation = new Conversation();
    conversation.replace([{ role: "system", content: [text("old")] }, user(text("task"))]);
    conversation.setInstructions("new");
    expect(conversation.messages).toEqual([
      { role: "system", content: [text("new")] },
      user(text("task")),
    ]);
  });

  it("joins neighbouring user messages in requests only", () => {
    const conversation = new Conversation();
    conversation.add(user(text("one")), user(text("two")), assistant("three"), user(text("four")));
    expect(conversation.request({ images: true })).toEqual([
      user(text("one"), text("\n\n"), text("two")),
      assistant("three"),
      user(text("four")),
    ]);
    expect(conversation.messages).toHaveLength(4);
  });

  it("keeps the last two images of observations, and those of tasks", () => {
    const conversation = new Conversation();
    conversation.addTask(user(text("look"), image("task")));
    for (const name of ["a", "b", "c"]) {
      conversation.add(assistant("…"), user(text(name), image(`${name}1`), image(`${name}2`)));
    }
    expect(imagesOf(conversation.request({ images: true }))).toEqual([
      '"data":"task"',
      '"data":"c1"',
      '"data":"c2"',
    ]);
  });

  it("counts images in tool results too, newest first", () => {
    const conversation = new Conversation();
    const result = (name: string) => ({
      type: "tool-result" as const,
      toolCallId: name,
      name: "execute_python",
      content: [text(name), image(name)],
    });
    conversation.add({ role: "tool", content: [result("a"), result("b"), result("c")] });
    const [message] = conversation.request({ images: true });
    expect(imagesOf([message as Message])).toEqual(['"data":"b"', '"data":"c"']);
    expect(JSON.stringify(message)).toContain("[image no longer shown]");
  });

  it("sends no image at all to a model without images", () => {
    const conversation = new Conversation();
    conversation.addTask(user(text("look"), image("task")));
    conversation.add(assistant("…"), user(image("a")));
    expect(imagesOf(conversation.request({ images: false }))).toEqual([]);
  });

  it("keeps the prefix of a request byte-stable while there are no images", () => {
    const conversation = new Conversation();
    conversation.setInstructions("system");
    conversation.addTask(user(text("task")));
    let before = "";
    for (let step = 0; step < 5; step++) {
      const now = JSON.stringify(conversation.request({ images: true })).slice(0, -1);
      expect(now.startsWith(before)).toBe(true);
      before = now;
      conversation.add(assistant(`step ${step}`), user(text(`observation ${step}`)));
    }
  });
});
