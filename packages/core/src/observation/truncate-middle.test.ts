import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { truncateMiddle } from "./truncate-middle.js";

describe("truncateMiddle", () => {
  it("leaves a text that fits", () => {
    expect(truncateMiddle("abc", 3)).toBe("abc");
  });

  it("says how much was cut", () => {
    const text = "a".repeat(500);
    const short = truncateMiddle(text, 100);
    const [, head = "", count = "", tail = ""] =
      /^(a+)\n\[\.\.\. (\d+) characters cut here \.\.\.\]\n(a+)$/.exec(short) ?? [];
    expect(head.length + Number(count) + tail.length).toBe(500);
    expect(Math.abs(head.length - tail.length)).toBeLessThan(5);
  });

  it("cuts at line ends and counts the lines", () => {
    const text = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");
    const lines = truncateMiddle(text, 300).split("\n");
    const marker = lines.findIndex((line) => line.startsWith("[..."));
    expect(lines.slice(0, marker)).toEqual(
      lines.slice(0, marker).map((_, index) => `line ${index}`),
    );
    expect(lines.at(marker + 1)).toMatch(/^line \d+$/);
    expect(lines.at(-1)).toBe("line 99");
    expect(lines[marker]).toMatch(/^\[\.\.\. \d+ characters, \d+ lines, cut here \.\.\.\]$/);
  });

  it("has at most the length that was asked for, and no half of a pair", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "😀", "\n", "日"), maxLength: 400 });
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 300 }), (long, maxCharacters) => {
        const short = truncateMiddle(long, maxCharacters);
        expect(short.length).toBeLessThanOrEqual(Math.max(maxCharacters, 0));
        expect(short).not.toMatch(
          /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/,
        );
        if (long.length <= maxCharacters) expect(short).toBe(long);
      }),
      { numRuns: 1000 },
    );
  });
});
