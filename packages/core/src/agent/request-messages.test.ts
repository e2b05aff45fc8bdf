import { describe, expect, it } from "vitest";
import type { ImagePart, Message, ToolResultPart, UserMessage } from "../model/message.js";
import { markAsTask, requestMessages } from "./request-messages.js";

const text = (value: string) => ({ type: "text" as const, text: value });
const image = (data: string): ImagePart => ({ type: "image", mediaType: "image/png", data });
const user = (...content: UserMessage["content"]): UserMessage => ({ role: "user", content });
const assistant = (value: string): Message => ({ role: "assistant", content: [text(value)] });
const result = (name: string): ToolResultPart => ({
  type: "tool-result",
  toolCallId: name,
  name: "execute_python",
  content: [text(name), image(name)],
});

function task(...content: UserMessage["content"]): UserMessage {
  const message = user(...content);
  markAsTask(message);
  return message;
}

function imagesOf(messages: readonly Message[]): string[] {
  return Array.from(
    JSON.stringify(messages).matchAll(/"data":"([^"]*)"/g),
    ([, data]) => `${data}`,
  );
}

describe("requestMessages", () => {
  it("joins neighbouring user messages, and leaves what it was given", () => {
    const given = [user(text("one")), user(text("two")), assistant("three"), user(text("four"))];
    expect(requestMessages(given)).toEqual([
      user(text("one"), text("\n\n"), text("two")),
      assistant("three"),
      user(text("four")),
    ]);
    expect(given).toHaveLength(4);
    expect(given[0]).toEqual(user(text("one")));
  });

  it("leaves no gap where a user message is empty", () => {
    const given = [user(), user(text("one")), user(), user(text("two"))];
    expect(requestMessages(given)).toEqual([user(text("one"), text("\n\n"), text("two"))]);
  });

  it("keeps the last two images of observations, and those of tasks", () => {
    const given = ["a", "b", "c"].flatMap((name) => [
      assistant("…"),
      user(text(name), image(`${name}1`), image(`${name}2`)),
    ]);
    const sent = requestMessages([task(text("look"), image("task")), ...given], { images: true });
    expect(imagesOf(sent)).toEqual(["task", "c1", "c2"]);
  });

  it("counts images in tool results too, newest first", () => {
    const given: Message = { role: "tool", content: [result("a"), result("b"), result("c")] };
    const sent = requestMessages([given], { images: true, toolResultImages: true });
    expect(sent).toHaveLength(1);
    expect(imagesOf(sent)).toEqual(["b", "c"]);
    expect(JSON.stringify(sent)).toContain("[image no longer shown]");
  });

  it("puts images after the results for a model that takes none inside", () => {
    const given: Message = { role: "tool", content: [result("a"), result("b")] };
    const sent = requestMessages([assistant("…"), given, task(text("go on"))], { images: true });
    expect(sent.map(({ role }) => role)).toEqual(["assistant", "tool", "user"]);
    expect(imagesOf(sent.slice(0, 2))).toEqual([]);
    expect(sent[2]?.content).toEqual([
      text("The images of the results above, in order:"),
      image("a"),
      image("b"),
      text("\n\n"),
      text("go on"),
    ]);
  });

  it("sends no image at all to a model without images", () => {
    const given: Message[] = [task(text("look"), image("task")), assistant("…"), user(image("a"))];
    expect(imagesOf(requestMessages(given, { images: false, toolResultImages: true }))).toEqual([]);
  });

  it("keeps the prefix byte-stable while there are no images", () => {
    const conversation: Message[] = [task(text("task"))];
    let before = "";
    for (let step = 0; step < 5; step++) {
      const now = JSON.stringify(requestMessages(conversation, { images: true })).slice(0, -1);
      expect(now.startsWith(before)).toBe(true);
      before = now;
      conversation.push(assistant(`step ${step}`), user(text(`observation ${step}`)));
    }
  });
});
