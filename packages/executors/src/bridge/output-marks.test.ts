import { describe, expect, it } from "vitest";
import { OutputMarkParser } from "./output-marks.js";

const nonce = "0123abcd";
const mark = (kind: string | number) => `\x1b]codeact;${nonce};${kind}\x07`;

/** What comes out of `text` in pieces of `size` bytes, adjacent text joined. */
function parse(text: string | Buffer, size: number): string[] {
  const seen: string[] = [];
  let pending: { stream: string; bytes: Buffer[] } | undefined;
  const close = () => {
    if (pending) seen.push(`${pending.stream}:${Buffer.concat(pending.bytes).toString("latin1")}`);
    pending = undefined;
  };
  const parser = new OutputMarkParser(nonce, {
    text(stream, bytes) {
      if (pending?.stream !== stream) close();
      pending ??= { stream, bytes: [] };
      pending.bytes.push(Buffer.from(bytes));
    },
    mark(number) {
      close();
      seen.push(`mark:${number}`);
      return true;
    },
  });
  const bytes = Buffer.from(text as string, "latin1");
  for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size));
  parser.flush();
  close();
  return seen;
}

const cases: [string, string, string[]][] = [
  ["plain text", "abc", ["stdout:abc"]],
  ["streams", `a${mark("e")}b${mark("o")}c`, ["stdout:a", "stderr:b", "stdout:c"]],
  ["marks", `a${mark(1)}b${mark(22)}`, ["stdout:a", "mark:1", "stdout:b", "mark:22"]],
  ["only marks", `${mark(1)}${mark("e")}${mark(2)}x`, ["mark:1", "mark:2", "stderr:x"]],
  ["colours", "\x1b[31mred\x1b[0m", ["stdout:\x1b[31mred\x1b[0m"]],
  ["a forged nonce", "\x1b]codeact;ffff;1\x07", ["stdout:\x1b]codeact;ffff;1\x07"]],
  ["an unknown kind", mark("x"), [`stdout:${mark("x")}`]],
  ["an empty kind", mark(""), [`stdout:${mark("")}`]],
  ["a signed kind", mark("-1"), [`stdout:${mark("-1")}`]],
  ["a long number", mark("1".repeat(17)), [`stdout:${mark("1".repeat(17))}`]],
  ["a beginning without end", `a\x1b]codeact;${nonce};12`, [`stdout:a\x1b]codeact;${nonce};12`]],
  ["a lone escape at the end", "a\x1b", ["stdout:a\x1b"]],
  ["false starts", `\x1b\x1b]\x1b]code${mark(3)}`, ["stdout:\x1b\x1b]\x1b]code", "mark:3"]],
  [
    "a mark inside the beginning of a mark",
    `\x1b]codeact;${nonce};${mark(4)}`,
    [`stdout:\x1b]codeact;${nonce};`, "mark:4"],
  ],
];

describe("OutputMarkParser", () => {
  for (const size of [1, 2, 3, 5, 16, 1000]) {
    it.each(cases)(`reads %s in pieces of ${size} bytes`, (_, text, expected) => {
      expect(parse(text, size)).toEqual(expected);
    });
  }

  it("holds what follows a mark until it is resumed, and other marks in it again", () => {
    const seen: string[] = [];
    const parser = new OutputMarkParser(nonce, {
      text: (_, bytes) => seen.push(bytes.toString()),
      mark: (number) => {
        seen.push(`mark:${number}`);
        return false;
      },
    });
    parser.push(Buffer.from(`a${mark(1)}b`));
    parser.push(Buffer.from(`c${mark(2)}d`));
    expect(seen).toEqual(["a", "mark:1"]);
    expect(parser.isWaiting).toBe(true);
    parser.resume();
    expect(seen).toEqual(["a", "mark:1", "bc", "mark:2"]);
    parser.resume();
    expect(seen).toEqual(["a", "mark:1", "bc", "mark:2", "d"]);
    expect(parser.isWaiting).toBe(false);
  });

  it("gives what it held only once when a mark ends the cell", () => {
    const seen: string[] = [];
    const parser: OutputMarkParser = new OutputMarkParser(nonce, {
      text: (_, bytes) => seen.push(bytes.toString()),
      mark: () => {
        parser.flush();
        return true;
      },
    });
    const bytes = Buffer.from(mark(1));
    parser.push(bytes.subarray(0, 5));
    parser.push(bytes.subarray(5));
    parser.push(Buffer.from("x"));
    expect(seen).toEqual(["x"]);
  });

  it("is not slowed down by forged beginnings", () => {
    const forged = Buffer.from(`\x1b]codeact;${nonce};`.repeat(100_000));
    let bytes = 0;
    const parser = new OutputMarkParser(nonce, {
      text: (_, text) => {
        bytes += text.length;
      },
      mark: () => true,
    });
    parser.push(forged);
    parser.flush();
    expect(bytes).toBe(forged.length);
  });
});
