import { describe, expect, it } from "vitest";
import { ByteRing } from "./byte-ring.js";

function ringOf(capacity: number, start = 0) {
  const counters = new Int32Array(new SharedArrayBuffer(8));
  counters.fill(start);
  const ring = new ByteRing(counters, 0, 1, new Uint8Array(new SharedArrayBuffer(capacity)));
  return { ring, counters };
}

describe("ByteRing", () => {
  it.each([0, 2 ** 31 - 3, -3])(
    "carries bytes around its end and that of its counters (%i)",
    (start) => {
      const { ring } = ringOf(8, start);
      const received: number[] = [];
      for (let next = 0; next < 50; ) {
        const piece = Uint8Array.from({ length: 5 }, (_, index) => next + index);
        next += ring.write(piece);
        received.push(...ring.read(3));
      }
      received.push(...ring.read(8));
      expect(received).toEqual(received.map((_, index) => index));
      expect(received.length).toBeGreaterThan(40);
    },
  );

  it("takes no more than there is room for", () => {
    const { ring } = ringOf(8);
    expect(ring.write(new Uint8Array(5))).toBe(5);
    expect(ring.write(new Uint8Array(5), 1)).toBe(3);
    expect(ring.write(new Uint8Array(5))).toBe(0);
    expect(ring.length).toBe(8);
  });

  it("gives no more than its capacity, whatever the other side writes into the counters", () => {
    const { ring, counters } = ringOf(8);
    Atomics.store(counters, 0, -1);
    expect(ring.read(1000).length).toBe(8);
    expect(ring.write(new Uint8Array(5))).toBe(0);
  });
});
