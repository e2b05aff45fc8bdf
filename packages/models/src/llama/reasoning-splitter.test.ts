import { expect, test } from "vitest";
import { type MessagePiece, type ReasoningMarks, ReasoningSplitter } from "./reasoning-splitter.js";

const marks: ReasoningMarks = { begin: "<think>", end: "</think>", opened: false };

function split(pieces: string[], how: ReasoningMarks | undefined): MessagePiece[] {
  const splitter = new ReasoningSplitter(how);
  const all = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.flush()];
  return all.reduce<MessagePiece[]>((joined, piece) => {
    const last = joined.at(-1);
    if (last?.type === piece.type) last.text += piece.text;
    else joined.push({ ...piece });
    return joined;
  }, []);
}

const message = "Well, <think>is 1 < 2?</think>yes <b>";
const expected = [
  { type: "text", text: "Well, " },
  { type: "reasoning", text: "is 1 < 2?" },
  { type: "text", text: "yes <b>" },
];

test("does not depend on how the message is cut", () => {
  expect(split([message], marks)).toEqual(expected);
  expect(split(message.split(""), marks)).toEqual(expected);
});

test("begins inside a thought where the template opened it", () => {
  expect(split(["hm</think>yes"], { begin: "", end: "</think>", opened: true })).toEqual([
    { type: "reasoning", text: "hm" },
    { type: "text", text: "yes" },
  ]);
});

test("is all text for a model without marks", () => {
  expect(split([message], undefined)).toEqual([{ type: "text", text: message }]);
});

test("gives the beginning of a mark that never came", () => {
  expect(split(["a</thi"], { ...marks, opened: true })).toEqual([
    { type: "reasoning", text: "a</thi" },
  ]);
});
