import { tool } from "@codeact/core";
import { z } from "zod";

/**
 * A calculator. Families with long sums have it, so that formats without Python are not measured by
 * mental arithmetic. Railway has none: its `cheapest-pair` adds two fares.
 */
export const calculateTool = tool({
  name: "calculate",
  description:
    'Evaluates an arithmetic expression of numbers, + - * / and parentheses, such as "(3 + 4) * 2.5".',
  inputSchema: z.object({ expression: z.string() }),
  outputSchema: z.number(),
  execute: ({ expression }) => evaluate(expression),
});

/**
 * The value of an arithmetic expression.
 * @throws `SyntaxError` that says where it is none
 */
export function evaluate(expression: string): number {
  const tokens = expression.match(/\d+(?:\.\d+)?|\.\d+|\S/g) ?? [];
  let position = 0;
  const fail = (): never => {
    const found = tokens[position] ?? "its end";
    throw new SyntaxError(`The expression has ${found} where a number or "(" is wanted.`);
  };
  const take = (...wanted: string[]): string | undefined => {
    const token = tokens[position];
    if (token === undefined || !wanted.includes(token)) return undefined;
    position += 1;
    return token;
  };
  const factor = (): number => {
    if (take("-")) return -factor();
    if (take("(")) {
      const value = sum();
      return take(")") ? value : fail();
    }
    const value = Number(tokens[position] ?? fail());
    if (Number.isNaN(value)) fail();
    position += 1;
    return value;
  };
  const product = (): number => {
    let value = factor();
    for (let sign = take("*", "/"); sign; sign = take("*", "/")) {
      const next = factor();
      value = sign === "*" ? value * next : value / next;
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    for (let sign = take("+", "-"); sign; sign = take("+", "-")) {
      const next = product();
      value = sign === "+" ? value + next : value - next;
    }
    return value;
  };
  const value = sum();
  return position === tokens.length ? value : fail();
}
