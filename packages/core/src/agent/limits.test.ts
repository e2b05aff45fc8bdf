import { describe, expect, it } from "vitest";
import { resolveLimits } from "./limits.js";

describe("resolveLimits", () => {
  it("has the documented defaults", () => {
    expect(resolveLimits()).toEqual({
      steps: 20,
      cellTimeoutMs: 60_000,
      runTimeoutMs: Number.POSITIVE_INFINITY,
      tokens: Number.POSITIVE_INFINITY,
      invalidMessages: 3,
      outputBytes: 1_000_000,
      observationCharacters: 10_000,
    });
  });

  it("takes what is given", () => {
    expect(resolveLimits({ steps: 3 })).toMatchObject({ steps: 3, invalidMessages: 3 });
  });

  it.each([{ steps: 0 }, { steps: Number.NaN }, { tokens: -5 }, { maxSteps: 3 }])(
    "refuses %o",
    (limits) => {
      expect(() => resolveLimits(limits)).toThrowError(
        expect.objectContaining({ code: "invalid-option" }) as Error,
      );
    },
  );
});
