import { expect, test } from "vitest";
import { thrownText } from "./thrown-text.js";

class PaymentError extends Error {
  override readonly name = "PaymentError";
}

const unreadable = {
  name: "Evil",
  get message(): string {
    throw new Error("no");
  },
};

const table: [string, unknown, string][] = [
  ["an error", new PaymentError("no money"), "PaymentError: no money"],
  ["an error without message", new RangeError(), "RangeError"],
  ["an error of another realm", { name: "E", message: "m" }, "E: m"],
  ["a string", "text", "text"],
  ["undefined", undefined, "undefined"],
  ["null", null, "null"],
  ["a symbol", Symbol("s"), "Symbol(s)"],
  ["an object", { secret: 1 }, "An object that is not an error was thrown."],
  ["an unreadable object", unreadable, "An unreadable value was thrown."],
];

test.each(table)("%s", (_title, thrown, text) => {
  expect(thrownText(thrown)).toBe(text);
});
