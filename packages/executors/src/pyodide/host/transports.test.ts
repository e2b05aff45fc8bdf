import { expect, it } from "vitest";
import { SharedLine } from "../line/shared-line.js";
import type { ByteTransport } from "./byte-transport.js";
import { MessageTransport } from "./message-transport.js";
import { SharedTransport } from "./shared-transport.js";

/** Takes bytes as a link does whose consumer is slow: after each piece it asks for no more. */
function takeSlowly(transport: ByteTransport): Uint8Array[] {
  const taken: Uint8Array[] = [];
  transport.onBytes((bytes) => {
    taken.push(bytes);
    transport.pause();
  });
  return taken;
}

const numbered = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);

it("SharedTransport hands out all that a worker has left, however slow its consumer", () => {
  const memory = SharedLine.allocate();
  const transport = new SharedTransport(memory);
  const taken = takeSlowly(transport);
  expect(new SharedLine(memory).toHost.write(numbered)).toBe(numbered.length);
  transport.look();
  expect(taken.length).toBe(1);
  transport.drain();
  expect(Buffer.concat(taken).equals(numbered)).toBe(true);
});

it("MessageTransport hands out all that a worker has left, however slow its consumer", () => {
  const transport = new MessageTransport(() => {});
  const taken = takeSlowly(transport);
  const pieces = [numbered.subarray(0, 70_000), numbered.subarray(70_000), Uint8Array.of(7)];
  for (const piece of pieces) transport.receive(piece);
  expect(taken.length).toBe(1);
  transport.drain();
  expect(Buffer.concat(taken).equals(Buffer.concat(pieces))).toBe(true);
});
