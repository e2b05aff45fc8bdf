import { describe, expect, it } from "vitest";
import { GreetingParser } from "./greeting-parser.js";

const marker = "MARKER";

/** What follows the marker, and what came before it, when the bytes come in pieces. */
function parse(text: string, pieceBytes: number) {
  const parser = new GreetingParser(marker);
  const bytes = Buffer.from(text);
  let rest: string | undefined;
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    const piece = bytes.subarray(start, start + pieceBytes);
    if (rest === undefined) rest = parser.push(piece)?.toString();
    else rest += piece.toString("latin1");
  }
  return { before: parser.before, rest };
}

describe("GreetingParser", () => {
  it.each([1, 2, 3, 7, 1000])("finds the marker in pieces of %i bytes", (pieceBytes) => {
    expect(parse("MARKEMARKEbanner\nMARKER{}\n", pieceBytes)).toEqual({
      before: "MARKEMARKEbanner\n",
      rest: "{}\n",
    });
  });

  it("finds none where there is none", () => {
    expect(parse("MARKE", 2)).toEqual({ before: "MARKE", rest: undefined });
  });

  it("keeps the end of what came before", () => {
    const { before, rest } = parse(`${"x".repeat(100_000)}end${marker}`, 999);
    expect(before).toHaveLength(4000);
    expect(before.endsWith("xend")).toBe(true);
    expect(rest).toBe("");
  });
});
