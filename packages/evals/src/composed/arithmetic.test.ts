import { describe, expect, it } from "vitest";
import { evaluate } from "./arithmetic.js";

describe("evaluate", () => {
  it.each([
    ["1 + 2 * 3", 7],
    ["(1+2)*3", 9],
    ["10 - 4 - 3", 3],
    ["8/4/2", 1],
    ["-2 * -(3 - .5)", 5],
    ["12.5", 12.5],
  ])("%s is %d", (expression, value) => {
    expect(evaluate(expression)).toBe(value);
  });

  it.each(["", "1 +", "(1", "1 2", "two", "1 ** 2", "1..2"])("refuses %j", (expression) => {
    expect(() => evaluate(expression)).toThrow(SyntaxError);
  });
});
