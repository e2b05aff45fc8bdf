import { describe, expect, it } from "vitest";
import { SharedResults } from "./shared-results.js";

describe("SharedResults", () => {
  it("makes a result once, and anew after a failure", async () => {
    const results = new SharedResults<string, number>();
    let made = 0;
    const make = async () => ++made;
    expect(await Promise.all([results.get("a", make), results.get("a", make)])).toEqual([1, 1]);
    expect(await results.get("b", make)).toBe(2);
    await expect(results.get("c", () => Promise.reject(new Error("failed")))).rejects.toThrow();
    expect(await results.get("c", make)).toBe(3);
    results.set("c", 7);
    expect(await results.get("c", make)).toBe(7);
  });

  it("stops what nobody waits for any more", async () => {
    const results = new SharedResults<string, number>();
    const stopped: unknown[] = [];
    const stall = (signal: AbortSignal) =>
      new Promise<number>(() => {
        signal.addEventListener("abort", () => stopped.push(signal.reason));
      });
    const controllers = [new AbortController(), new AbortController()];
    const waiting = controllers.map(({ signal }) => results.get("a", stall, signal));
    controllers[0]?.abort("first");
    await expect(waiting[0]).rejects.toBe("first");
    expect(stopped).toEqual([]);
    controllers[1]?.abort("second");
    await expect(waiting[1]).rejects.toBe("second");
    expect(stopped).toEqual(["second"]);
    expect(await results.get("a", async () => 5)).toBe(5);
  });
});
