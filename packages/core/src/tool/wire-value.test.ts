import { describe, expect, test } from "vitest";
import { toBase64 } from "../base64.js";
import { toJsonSafe, toWireValue } from "./wire-value.js";

class Point {
  readonly x = 1;
  readonly y = undefined;
  get z() {
    return 3;
  }
}

describe("toWireValue", () => {
  const bytes = new Uint8Array([1, 2]);
  const table: [string, unknown, unknown][] = [
    ["undefined", undefined, null],
    ["null", null, null],
    ["non-finite numbers", [Number.NaN, -Infinity], [Number.NaN, -Infinity]],
    ["large numbers", 1e300, 1e300],
    ["small bigints", 2n ** 53n - 1n, 2 ** 53 - 1],
    ["dates", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["bytes", bytes, bytes],
    ["buffers", new Uint8Array([1, 2]).buffer, bytes],
    ["data views", new DataView(new Uint8Array([0, 1, 2]).buffer, 1), bytes],
    ["typed arrays", new Float32Array([0.5, 1]), [0.5, 1]],
    [
      "maps",
      new Map<unknown, unknown>([
        ["a", 1],
        [2, new Set(["b"])],
      ]),
      { a: 1, 2: ["b"] },
    ],
    ["holes", Object.assign([1], { 2: undefined }), [1, null, null]],
    ["undefined members", { a: undefined, b: 1 }, { b: 1 }],
    ["instances", new Point(), { x: 1 }],
    ["toJSON", { toJSON: () => ({ a: 1n }) }, { a: 1 }],
    ["URLs", new URL("https://example.org/a"), "https://example.org/a"],
    ["null prototypes", Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
    [
      "shared parts",
      (() => {
        const a = { b: 1 };
        return [a, a];
      })(),
      [{ b: 1 }, { b: 1 }],
    ],
  ];
  test.each(table)("%s", (_title, value, expected) => {
    expect(toWireValue(value)).toEqual(expected);
  });

  test("Node's Buffer is bytes, and not what its toJSON says", () => {
    expect(toWireValue(Buffer.from([1, 2]))).toBeInstanceOf(Uint8Array);
  });

  test("a member named __proto__ stays a member", () => {
    const mapped = toWireValue(JSON.parse('{"__proto__": {"a": 1}}')) as object;
    expect(Object.keys(mapped)).toEqual(["__proto__"]);
    expect("a" in mapped).toBe(false);
  });

  const cyclic: { list: unknown[] } = { list: [] };
  cyclic.list.push({ back: cyclic });
  const selfJson: { toJSON(): unknown } = { toJSON: () => [selfJson] };
  const refused: [string, unknown, RegExp][] = [
    ["a function", { a: [() => 0] }, /^a\[0\] is a function/],
    ["a symbol", Symbol("s"), /^the value is a symbol/],
    ["a large bigint", { "odd key": 2n ** 53n }, /^\["odd key"\] is an integer beyond .* string/],
    ["a cycle", cyclic, /^list\[0\]\.back is an object that contains itself/],
    ["a cycle through toJSON", selfJson, /contains itself/],
    ["an invalid date", { at: new Date(Number.NaN) }, /^at is an invalid date/],
    ["an error", { a: new Error("x") }, /^a is an error \(throw it/],
    ["a promise", [Promise.resolve(1)], /^\[0\] is a promise \(await it/],
    ["a map with object keys", new Map([[{}, 1]]), /a map with a key of type object/],
  ];
  test.each(refused)("refuses %s and says where", (_title, value, message) => {
    expect(() => toWireValue(value)).toThrow(message);
  });
});

describe("toJsonSafe", () => {
  test("tags what JSON lacks", () => {
    expect(
      toJsonSafe({ a: [Number.NaN, Infinity, -Infinity], b: new Uint8Array([255, 254]), c: "x" }),
    ).toEqual({
      a: [{ $float: "NaN" }, { $float: "Infinity" }, { $float: "-Infinity" }],
      b: { $bytes: "//4=" },
      c: "x",
    });
  });
  test("escapes objects that look like a tag", () => {
    expect(toJsonSafe({ $bytes: "AA==" })).toEqual({ $object: { $bytes: "AA==" } });
    expect(toJsonSafe({ $object: { $x: 1 } })).toEqual({
      $object: { $object: { $object: { $x: 1 } } },
    });
    expect(toJsonSafe({ $a: 1, b: 2 })).toEqual({ $a: 1, b: 2 });
  });
});

test("toBase64 equals what Node gives", () => {
  for (const length of [0, 1, 2, 3, 4, 5, 6, 100_000]) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 31) % 256);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  }
});
