import { describe, expect, it } from "vitest";
import { closeAfter } from "./close-after.js";

function resource(failure?: Error): { closed: number; close(): Promise<void> } {
  return {
    closed: 0,
    async close() {
      this.closed += 1;
      if (failure) throw failure;
    },
  };
}

describe("closeAfter", () => {
  it("closes once and gives the result", async () => {
    const used = resource();
    expect(await closeAfter(Promise.resolve(7), used)).toBe(7);
    expect(used.closed).toBe(1);
  });

  it("fails with what went wrong first", async () => {
    const used = resource(new Error("cannot close"));
    await expect(closeAfter(Promise.reject(new Error("no model")), used)).rejects.toThrow("model");
    expect(used.closed).toBe(1);
  });

  it("fails when only closing fails", async () => {
    const used = resource(new Error("cannot close"));
    await expect(closeAfter(Promise.resolve(7), used)).rejects.toThrow("cannot close");
  });
});
