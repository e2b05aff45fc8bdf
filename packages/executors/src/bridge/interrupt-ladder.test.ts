import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InterruptLadder } from "./interrupt-ladder.js";

describe("InterruptLadder", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function climb() {
    const steps: string[] = [];
    const ladder = new InterruptLadder(500, {
      ask: () => steps.push("ask"),
      signal: () => steps.push("signal"),
      kill: () => steps.push("kill"),
    });
    return { ladder, steps };
  }

  it("asks, leaves time, signals once, asks again, and kills last", () => {
    const { steps } = climb();
    expect(steps).toEqual(["ask"]);
    vi.advanceTimersByTime(100);
    expect(steps).toEqual(["ask"]);
    vi.advanceTimersByTime(399);
    expect(steps.filter((step) => step === "signal")).toHaveLength(1);
    expect(steps.filter((step) => step === "ask").length).toBeGreaterThan(3);
    expect(steps).not.toContain("kill");
    vi.advanceTimersByTime(10_000);
    expect(steps.filter((step) => step === "kill")).toHaveLength(1);
    expect(steps.at(-1)).toBe("kill");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("stops when the cell has ended", () => {
    const { ladder, steps } = climb();
    ladder.cancel();
    vi.advanceTimersByTime(10_000);
    expect(steps).toEqual(["ask"]);
  });
});
