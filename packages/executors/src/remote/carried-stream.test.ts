import { describe, expect, it } from "vitest";
import { ProtocolError } from "../bridge/protocol-error.js";
import { CarriedStream } from "./carried-stream.js";
import { windowBytes } from "./windows.js";

function carried() {
  const sent: number[] = [];
  const granted: number[] = [];
  const stream = new CarriedStream({
    send: (data) => sent.push(data.length),
    grant: (bytes) => granted.push(bytes),
  });
  return { stream, sent, granted };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("what a CarriedStream receives", () => {
  it("is granted as it is read, and never beyond the window", async () => {
    const { stream, granted } = carried();
    let read = 0;
    stream.on("data", (data: Buffer) => (read += data.length));
    await turn();
    for (let round = 0; round < 100; round++) {
      stream.receive(new Uint8Array(100_000));
      await turn();
      expect(windowBytes + sum(granted) - read).toBeLessThanOrEqual(windowBytes);
    }
    expect(read).toBe(10_000_000);
    expect(sum(granted)).toBeGreaterThan(10_000_000 - windowBytes / 2);
  });

  it("is granted no more while it is paused, and again when it goes on", async () => {
    const { stream, granted } = carried();
    let read = 0;
    stream.on("data", (data: Buffer) => (read += data.length));
    await turn();
    stream.pause();
    for (let left = windowBytes; left > 0; left -= 65_536) stream.receive(new Uint8Array(65_536));
    await turn();
    expect([granted, read]).toEqual([[], 0]);
    expect(() => stream.receive(new Uint8Array(1))).toThrow(ProtocolError);
    stream.resume();
    await turn();
    expect([sum(granted), read]).toEqual([windowBytes, windowBytes]);
  });

  it("ends at an empty piece, whatever follows", async () => {
    const { stream } = carried();
    const ended = new Promise((resolve) => stream.once("end", resolve));
    stream.resume();
    stream.receive(new Uint8Array(0));
    stream.receive(new Uint8Array(3));
    stream.receive(new Uint8Array(0));
    await ended;
  });
});

describe("what a CarriedStream sends", () => {
  it("waits for grants", async () => {
    const { stream, sent } = carried();
    let finished = false;
    stream.write(Buffer.alloc(windowBytes + 10), () => (finished = true));
    await turn();
    expect([sum(sent), finished]).toEqual([windowBytes, false]);
    stream.granted(4);
    expect(sum(sent)).toBe(windowBytes + 4);
    stream.granted(100);
    await turn();
    expect([sum(sent), finished]).toEqual([windowBytes + 10, true]);
  });

  it("is granted at most once", () => {
    const { stream } = carried();
    stream.write(Buffer.alloc(10));
    expect(() => stream.granted(11)).toThrow(ProtocolError);
  });
});
