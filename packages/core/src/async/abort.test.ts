import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { abortable, delay, onAbort } from "./abort.js";

const forever = new Promise<never>(() => undefined);

describe("onAbort", () => {
  it("calls every listener with the reason, through one event listener", () => {
    const controller = new AbortController();
    const { signal } = controller;
    const seen: unknown[] = [];
    for (let index = 0; index < 100; index++) onAbort(signal, (reason) => seen.push(reason));
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    controller.abort("why");
    expect(seen).toEqual(Array.from({ length: 100 }, () => "why"));
  });

  it("leaves nothing on the signal once all have stopped", () => {
    const { signal } = new AbortController();
    const stops = [onAbort(signal, fail), onAbort(signal, fail)];
    for (const stop of stops) stop();
    for (const stop of stops) stop();
    expect(getEventListeners(signal, "abort")).toEqual([]);
    onAbort(signal, fail)();
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("does not call a listener that was stopped", () => {
    const controller = new AbortController();
    onAbort(controller.signal, () => undefined);
    onAbort(controller.signal, fail)();
    controller.abort();
  });

  it("does not call a listener that an earlier one stopped", () => {
    const controller = new AbortController();
    let stop = (): void => undefined;
    onAbort(controller.signal, () => stop());
    stop = onAbort(controller.signal, fail);
    controller.abort();
  });

  it("calls at once when the signal has aborted", () => {
    const seen: unknown[] = [];
    onAbort(AbortSignal.abort("before"), (reason) => seen.push(reason));
    expect(seen).toEqual(["before"]);
  });
});

describe("abortable and delay", () => {
  it("settle like the promise, and leave no listener", async () => {
    const { signal } = new AbortController();
    expect(await abortable(Promise.resolve(1), signal)).toBe(1);
    await expect(abortable(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
    await delay(1, signal);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("reject with the reason", async () => {
    const controller = new AbortController();
    const all = [abortable(forever, controller.signal), delay(60_000, controller.signal)];
    const reason = new Error("enough");
    controller.abort(reason);
    for (const each of all) await expect(each).rejects.toBe(reason);
    await expect(abortable(forever, controller.signal)).rejects.toBe(reason);
  });
});

function fail(): void {
  throw new Error("must not be called");
}
