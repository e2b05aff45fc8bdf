import type { JsonValue } from "@codeact/core";

/** Amounts are asked for to the cent, so that half of one is no mistake. */
const numberTolerance = 0.005;

/**
 * Whether an answer is the expected one: numbers to within half a hundredth, texts without regard to
 * case, spaces around them, quotes and a full stop, lists and objects member by member.
 */
export function isSameAnswer(answer: JsonValue, expected: JsonValue): boolean {
  if (typeof expected === "number") {
    return typeof answer === "number" && Math.abs(answer - expected) <= numberTolerance;
  }
  if (typeof expected === "string") {
    return typeof answer === "string" && plainText(answer) === plainText(expected);
  }
  if (Array.isArray(expected)) {
    return (
      Array.isArray(answer) &&
      answer.length === expected.length &&
      expected.every((item, index) => isSameAnswer(answer[index] ?? null, item))
    );
  }
  if (typeof expected !== "object" || expected === null) return answer === expected;
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return false;
  const names = Object.keys(expected);
  return (
    names.length === Object.keys(answer).length &&
    names.every((name) => isSameAnswer(answer[name] ?? null, expected[name] ?? null))
  );
}

function plainText(text: string): string {
  const trimmed = text.trim().replaceAll(/\s+/g, " ");
  return trimmed.replace(/^(["'`*]*)(.*?)\1\.?$/s, "$2").toLowerCase();
}
