import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PausableClock } from "./pausable-clock.js";

describe("PausableClock", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("counts only unpaused time, over overlapping pauses", () => {
    const elapsed = vi.fn();
    const clock = new PausableClock(100, elapsed);
    vi.advanceTimersByTime(60);
    const resumeFirst = clock.pause();
    const resumeSecond = clock.pause();
    vi.advanceTimersByTime(1_000);
    resumeFirst();
    resumeFirst();
    vi.advanceTimersByTime(1_000);
    expect(elapsed).not.toHaveBeenCalled();
    resumeSecond();
    vi.advanceTimersByTime(39);
    expect(elapsed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(elapsed).toHaveBeenCalledOnce();
  });

  it("does nothing more once stopped", () => {
    const elapsed = vi.fn();
    const clock = new PausableClock(100, elapsed);
    const resume = clock.pause();
    clock.stop();
    resume();
    vi.advanceTimersByTime(1_000);
    expect(elapsed).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
