import { describe, expect, it } from "vitest";
import { FrameParser, maxLineBytes, type RawFrame } from "./frame-parser.js";
import { ProtocolError } from "./protocol-error.js";

function parse(chunks: Iterable<Buffer>): RawFrame[] {
  const frames: RawFrame[] = [];
  const parser = new FrameParser((frame) => frames.push(frame));
  for (const chunk of chunks) parser.push(chunk);
  return frames;
}

function* cut(bytes: Buffer, size: number): Iterable<Buffer> {
  for (let start = 0; start < bytes.length; start += size) {
    yield bytes.subarray(start, start + size);
  }
}

const stream = Buffer.concat([
  Buffer.from('{"type":"a","text":"é€😀"}\n'),
  Buffer.from('{"type":"b","blobs":[3,0,5]}\n'),
  Buffer.from("x\nyhello"),
  Buffer.from(
    '{"type":"c","blobs":[]}\n{"type":"d","blobs":[0]}\n{"type":"e","v":{"$float":"NaN"}}\n',
  ),
]);

describe("FrameParser", () => {
  it.each([1, 2, 3, 7, 16, 1000])("reads the same frames from pieces of %i bytes", (size) => {
    const frames = parse(cut(stream, size));
    expect(frames.map((frame) => frame.header["type"])).toEqual(["a", "b", "c", "d", "e"]);
    expect(frames[0]?.header["text"]).toBe("é€😀");
    expect(frames[1]?.blobs.map((blob) => Buffer.from(blob).toString())).toEqual([
      "x\ny",
      "",
      "hello",
    ]);
    expect(frames[3]?.blobs.map((blob) => blob.length)).toEqual([0]);
    expect(frames.map((frame) => frame.mayHoldTags)).toEqual([false, false, false, false, true]);
  });

  it("gives blobs memory of their own", () => {
    const chunk = Buffer.from('{"blobs":[2]}\nab');
    const [frame] = parse([chunk]);
    chunk.fill("z");
    expect(Buffer.from(frame?.blobs[0] ?? []).toString()).toBe("ab");
  });

  it.each([
    ["no JSON", "garbage\n"],
    ["an empty line", "\n"],
    ["a number", "1\n"],
    ["null", "null\n"],
    ["a list", "[]\n"],
    ["NaN", '{"a":NaN}\n'],
    ["blobs that are no list", '{"blobs":{"length":1}}\n'],
    ["a negative length", '{"blobs":[-1]}\n'],
    ["a fraction", '{"blobs":[1.5]}\n'],
    ["a length as text", '{"blobs":["1"]}\n'],
    ["a huge length", '{"blobs":[1e308]}\n'],
    ["too much in all", `{"blobs":[${Array<number>(200).fill(2_000_000).join()}]}\n`],
    ["too many blobs", `{"blobs":[${Array<number>(70_000).fill(0).join()}]}\n`],
    ["invalid UTF-8 in the syntax", Buffer.from([0xff, 0xfe, 0x0a])],
  ])("refuses %s", (_, bytes) => {
    expect(() => parse([Buffer.from(bytes as string)])).toThrow(ProtocolError);
  });

  it("refuses a line without end before it fills the memory", () => {
    const piece = Buffer.alloc(1024 * 1024, "x");
    expect(() => parse(Array<Buffer>(maxLineBytes / piece.length + 1).fill(piece))).toThrow(
      ProtocolError,
    );
  });

  it("takes a line of the allowed length", () => {
    const line = Buffer.from(`{"a":"${"x".repeat(maxLineBytes - 8)}"}\n`);
    expect(line.length).toBe(maxLineBytes + 1);
    expect(parse(cut(line, 65_536))).toHaveLength(1);
  });

  it("does not take keys of the prototype for members", () => {
    const [frame] = parse([Buffer.from('{"__proto__":{"blobs":[5]},"type":"x"}\n')]);
    expect(frame?.blobs).toEqual([]);
    expect(Object.getPrototypeOf(frame?.header)).toBe(Object.prototype);
  });
});
