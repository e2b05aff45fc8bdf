import { afterEach, describe, expect, it, vi } from "vitest";
import { MessageWorkerLine } from "./message-worker-line.js";
import { StackSwitch, type Waiter } from "./stack-switch.js";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("MessageWorkerLine", () => {
  it("leaves no timer when a wait is over", async () => {
    vi.useFakeTimers();
    const stack = new StackSwitch();
    let waiter: Waiter | undefined;
    vi.spyOn(stack, "onCall").mockImplementation((given) => {
      waiter = given;
    });
    vi.spyOn(stack, "canSwitch", "get").mockReturnValue(true);
    const line = new MessageWorkerLine(stack, () => {});
    line.wait(10_000);
    const waited = waiter?.wait();
    expect(vi.getTimerCount()).toBe(1);
    line.take({ type: "interrupt", signal: 2 });
    await waited;
    expect(vi.getTimerCount()).toBe(0);
  });
});
