import type { JsonValue } from "@codeact/core";
import { describe, expect, it } from "vitest";
import { isSameAnswer } from "./judge.js";

describe("isSameAnswer", () => {
  const same: [answer: JsonValue, expected: JsonValue][] = [
    [42, 42],
    [12.344, 12.34],
    [" kiel. ", "Kiel"],
    ['"Kiel"', "Kiel"],
    ["**Kiel**.", "Kiel"],
    ["two  words", "two words"],
    [
      ["a", "B"],
      ["A", "b"],
    ],
    [
      { a: 1, b: null },
      { b: null, a: 1.001 },
    ],
    [true, true],
  ];
  it.each(same)("takes %j for %j", (answer, expected) => {
    expect(isSameAnswer(answer, expected)).toBe(true);
  });

  const different: [answer: JsonValue, expected: JsonValue][] = [
    [42.01, 42],
    ["42", 42],
    [42, "42"],
    ["The depot is Kiel", "Kiel"],
    [
      ["b", "a"],
      ["a", "b"],
    ],
    [["a"], ["a", "a"]],
    [{ a: 1 }, { a: 1, b: 2 }],
    [
      { a: 1, c: 2 },
      { a: 1, b: 2 },
    ],
    [[], {}],
    [null, "null"],
    [1, true],
  ];
  it.each(different)("does not take %j for %j", (answer, expected) => {
    expect(isSameAnswer(answer, expected)).toBe(false);
  });
});
