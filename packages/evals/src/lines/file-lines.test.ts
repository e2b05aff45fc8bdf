import { describe, expect, it } from "vitest";
import { type FileLine, splitLines } from "./file-lines.js";

async function split(text: string, chunkLength: number): Promise<FileLine[]> {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let start = 0; start < bytes.length; start += chunkLength) {
      yield bytes.subarray(start, start + chunkLength);
    }
  }
  const lines = [];
  for await (const line of splitLines(chunks())) lines.push(line);
  return lines;
}

describe("lines", () => {
  const text = "one\u2028half\u2029\u0085\n\nthrée 🐍\r\ntorn 🐍";

  it.each([1, 2, 3, 5, 7, 1000])("are the same in chunks of %i bytes", async (chunkLength) => {
    const lines = await split(text, chunkLength);
    expect(lines.map(({ text }) => text)).toEqual(text.split("\n"));
    expect(lines.map(({ isEnded }) => isEnded)).toEqual([true, true, true, false]);
    const bytes = Buffer.from(text);
    for (const { text, offset, length } of lines) {
      expect(bytes.subarray(offset, offset + length).toString()).toBe(text);
    }
  });

  it("are none of an empty file, and all ended where the last byte is a line feed", async () => {
    expect(await split("", 4)).toEqual([]);
    expect((await split("a\nb\n", 4)).map(({ isEnded }) => isEnded)).toEqual([true, true]);
  });
});
