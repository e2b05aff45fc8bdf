import type { WireValue } from "@codeact/core";
import { describe, expect, it } from "vitest";
import { ProtocolError } from "./protocol-error.js";
import { decodeValue, encodeValue, isShallow, maxValueDepth, WireValueError } from "./values.js";

function roundTrip(value: unknown): WireValue {
  const blobs: Uint8Array[] = [];
  return decodeValue(JSON.parse(JSON.stringify(encodeValue(value, blobs))), blobs);
}

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < depth; level++) value = level % 2 ? { a: value } : [value];
  return value;
}

describe("encodeValue and decodeValue", () => {
  it.each<[string, WireValue]>([
    ["text", "é😀\n"],
    ["a long text", "é😀".repeat(50_000)],
    ["a long text with a lone surrogate", `${"x".repeat(70_000)}\ud800`],
    ["numbers", [0, -1, 1.5, 2 ** 53 - 1, -(2 ** 53 - 1), 1e21, 1e300, 5e-324]],
    ["non-finite numbers", [Number.NaN, Infinity, -Infinity]],
    ["null and booleans", [null, true, false]],
    ["bytes", { data: new Uint8Array([0, 255, 10]), more: [new Uint8Array()] }],
    [
      "what looks like a tag",
      [{ $blob: 0 }, { $float: "NaN" }, { $object: { $text: 1 } }, { $: 1 }],
    ],
    ["what does not", { $blob: 0, other: 1 }],
    ["a tag around a special value", { $x: Number.NaN }],
    ["empty things", [{}, [], ""]],
  ])("carry %s", (_, value) => {
    expect(roundTrip(value)).toEqual(value);
  });

  it("keeps 10 MB of text and of bytes out of the JSON", () => {
    const blobs: Uint8Array[] = [];
    const encoded = encodeValue(["x".repeat(10_000_000), new Uint8Array(10_000_000)], blobs);
    expect(encoded).toEqual([{ $text: 0 }, { $blob: 1 }]);
    expect(blobs.map((blob) => blob.length)).toEqual([10_000_000, 10_000_000]);
  });

  it("does not copy plain values", () => {
    const value = { a: [1, "b", { c: null }] };
    expect(encodeValue(value, [])).toBe(value);
  });

  it("leaves undefined members out, as JSON does", () => {
    expect(roundTrip({ a: undefined, b: Number.NaN })).toEqual({ b: Number.NaN });
    expect(roundTrip(undefined)).toBeNull();
    expect(roundTrip([undefined])).toEqual([null]);
  });

  it.each([2 ** 53, -(2 ** 53), 1e20])("refuses the integer %d", (value) => {
    expect(() => encodeValue([value], [])).toThrow(/as a string/);
  });

  it.each([1n, Symbol("s"), () => 1])("refuses a value of no JSON type", (value) => {
    expect(() => encodeValue({ value }, [])).toThrow(WireValueError);
  });

  it("refuses what is too deep or contains itself, and takes what is just not", () => {
    expect(roundTrip(nested(maxValueDepth))).toEqual(nested(maxValueDepth));
    expect(() => encodeValue(nested(maxValueDepth + 1), [])).toThrow(WireValueError);
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    expect(() => encodeValue(cyclic, [])).toThrow(WireValueError);
    const hostile = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`) as unknown;
    expect(() => decodeValue(hostile, [])).toThrow(WireValueError);
    expect(isShallow(hostile)).toBe(false);
    expect(isShallow(nested(maxValueDepth))).toBe(true);
  });

  it("cannot pollute a prototype", () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":1},"x":{"$float":"NaN"}}') as unknown;
    const value = decodeValue(hostile, []) as { [key: string]: unknown };
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(["__proto__", "x"]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it.each([
    { $blob: 0 },
    { $blob: -1 },
    { $blob: "0" },
    { $blob: "length" },
    { $text: 7 },
    { $bytes: 1 },
    { $float: "1" },
    { $object: [] },
    { $object: null },
    { $unknown: 1 },
    { $: 1 },
  ])("refuses the malformed tag %j", (tag) => {
    expect(() => decodeValue([tag], [])).toThrow(ProtocolError);
  });

  it("reads base64, which some channels need", () => {
    expect(decodeValue({ $bytes: "AP8=" }, [])).toEqual(new Uint8Array([0, 255]));
  });
});
