import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StopCutter } from "./stop-cutter.js";

function cut(stops: string[], pieces: string[]): { text: string; stop?: string } {
  const cutter = new StopCutter(stops);
  let text = "";
  for (const piece of pieces) {
    const result = cutter.push(piece);
    text += result.text;
    if (result.stop !== undefined) return { text, stop: result.stop };
  }
  return { text: text + cutter.flush() };
}

describe("StopCutter", () => {
  it("lets text through at once that begins no stop string", () => {
    const cutter = new StopCutter(["</end>"]);
    expect(cutter.push("plain")).toEqual({ text: "plain" });
    expect(cutter.push("a <")).toEqual({ text: "a " });
    expect(cutter.push("b")).toEqual({ text: "<b" });
  });

  it("cuts at the string that is complete first", () => {
    expect(cut(["abc", "b"], ["xabc"])).toEqual({ text: "xa", stop: "b" });
    expect(cut(["bc", "abc"], ["xabc"])).toEqual({ text: "x", stop: "abc" });
    expect(cut(["aab"], ["aaab"])).toEqual({ text: "a", stop: "aab" });
  });

  it("takes no stop strings, and ignores empty ones", () => {
    expect(cut([], ["ab"])).toEqual({ text: "ab" });
    expect(cut([""], ["ab"])).toEqual({ text: "ab" });
  });

  it("does not care how the text is cut", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "😀"), maxLength: 4 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 3 }), fc.array(word), (stops, pieces) => {
        const text = pieces.join("");
        const whole = cut(stops, [text]);
        expect(cut(stops, pieces)).toEqual(whole);
        expect(cut(stops, text.split(""))).toEqual(whole);
        expect(text.startsWith(whole.text + (whole.stop ?? ""))).toBe(true);
        for (const stop of stops.filter(Boolean)) expect(whole.text).not.toContain(stop);
      }),
      { numRuns: 2_000 },
    );
  });
});
