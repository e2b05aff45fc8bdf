import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CellClock } from "./cell-clock.js";

describe("CellClock", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function start(timeoutMs: number | undefined) {
    const onExpire = vi.fn();
    const clock = new CellClock(timeoutMs, onExpire);
    clock.start();
    return { clock, onExpire };
  }

  it("expires once after its time", () => {
    const { onExpire } = start(100);
    vi.advanceTimersByTime(99);
    expect(onExpire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(onExpire).toHaveBeenCalledOnce();
  });

  it.each([undefined, Infinity])("needs no timer for %s", (timeoutMs) => {
    start(timeoutMs);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not count pauses, which may overlap and end twice", () => {
    const { clock, onExpire } = start(100);
    vi.advanceTimersByTime(60);
    const first = clock.pause();
    const second = clock.pause();
    vi.advanceTimersByTime(1000);
    first();
    first();
    vi.advanceTimersByTime(1000);
    expect(onExpire).not.toHaveBeenCalled();
    second();
    vi.advanceTimersByTime(39);
    expect(onExpire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onExpire).toHaveBeenCalledOnce();
  });

  it("stays stopped, also when a pause ends later", () => {
    const { clock, onExpire } = start(100);
    const resume = clock.pause();
    clock.stop();
    resume();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(onExpire).not.toHaveBeenCalled();
  });

  it("can be longer than a timer", () => {
    const { onExpire } = start(2 ** 31 + 1000);
    vi.advanceTimersByTime(2 ** 31);
    expect(onExpire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(onExpire).toHaveBeenCalledOnce();
  });
});
