import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLenientJson } from "./lenient-json.js";

describe("parseLenientJson", () => {
  it("reads all JSON as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseLenientJson(text, 0)).toEqual({
          value: JSON.parse(text) as unknown,
          end: text.length,
          isComplete: true,
        });
      }),
    );
  });

  it("never throws", () => {
    const text = fc.array(
      fc.constantFrom("{", "}", "[", "]", '"', "'", ":", ",", "\\", "u00", "a", "1", " "),
    );
    fc.assert(fc.property(text, (parts) => void parseLenientJson(parts.join(""), 0)));
    expect(parseLenientJson("[".repeat(100_000), 0)).toBeUndefined();
  });

  it("says where the value ends, and whether its end was missing", () => {
    expect(parseLenientJson('a {"b": 1} c', 2)).toEqual({
      value: { b: 1 },
      end: 10,
      isComplete: true,
    });
    expect(parseLenientJson('{"b": [1', 0)).toEqual({
      value: { b: [1] },
      end: 8,
      isComplete: false,
    });
  });
});
