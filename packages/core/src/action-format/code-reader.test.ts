import { describe, expect, it } from "vitest";
import { codeFormat } from "./code-format.js";
import { type ReaderCase, summarize } from "./code-reader.case.js";
import { blockCases } from "./code-reader-blocks.cases.js";
import { fenceCases } from "./code-reader-fences.cases.js";
import { proseCases } from "./code-reader-prose.cases.js";
import { tagCases } from "./code-reader-tags.cases.js";
import { readWhole } from "./reader.test-support.js";

const cases = [...tagCases, ...blockCases, ...fenceCases, ...proseCases];

describe("the reader of codeFormat()", () => {
  it("is tested with at least 120 different messages", () => {
    const keys = cases.map((example) =>
      JSON.stringify([example.message, example.finishReason, example.earlier]),
    );
    expect(new Set(keys).size).toBe(cases.length);
    expect(cases.length).toBeGreaterThanOrEqual(120);
  });

  it.each(cases.map((example) => [example.name, example] as const))("%s", (_name, example) => {
    const { message, expected } = example;
    expect(summarize(readWhole(codeFormat(), example), message, expected)).toEqual(expected);
  });

  it.each(cases.map((example) => [example.name, example] as const))(
    "gives a usable conversation: %s",
    (_name, example: ReaderCase) => {
      const parsed = readWhole(codeFormat(), example);
      if (parsed.type === "invalid") expect(parsed.hint).toMatch(/<execute>/);
      if (parsed.type !== "action") return;
      // What goes into the conversation is read as the same action again.
      const again = readWhole(codeFormat(), { ...example, message: parsed.text });
      expect(again).toEqual(parsed);
    },
  );
});
