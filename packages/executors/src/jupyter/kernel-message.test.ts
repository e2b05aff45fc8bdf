import { describe, expect, it } from "vitest";
import { ProtocolError } from "../bridge/protocol-error.js";
import { decodeBinary, encodeBinary } from "./binary-codec.js";
import { decodeJson, encodeJson } from "./json-codec.js";
import { kernelMessage } from "./kernel-message.js";

const message = kernelMessage("session", {
  channel: "stdin",
  type: "input_reply",
  content: { value: "é 🙂" },
  metadata: { codeact: { cell: 1 } },
  parentHeader: { msg_id: "parent" },
  buffers: [new Uint8Array([0, 255]), new Uint8Array(), new Uint8Array([1])],
});

function bufferOf(data: string | Uint8Array): ArrayBuffer {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return new Uint8Array(bytes).buffer;
}

describe("encodeBinary", () => {
  it("is read back as it was, buffers included", () => {
    expect(decodeBinary(bufferOf(encodeBinary(message)))).toEqual(message);
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["a table that is longer than the message", new Uint8Array(16).fill(9)],
    ["offsets beyond the end", withOffset(2 ** 40)],
    ["offsets that go back", withOffset(3)],
    ["text in place of JSON", encodeBinary(message).fill(120, 120)],
  ])("refuses %s", (_, bytes) => {
    expect(() => decodeBinary(bufferOf(bytes))).toThrow(ProtocolError);
  });
});

function withOffset(offset: number): Uint8Array {
  const bytes = encodeBinary(message);
  new DataView(bytes.buffer).setBigUint64(24, BigInt(offset), true);
  return bytes;
}

describe("encodeJson", () => {
  it("is text without buffers", () => {
    const plain = { ...message, buffers: [] };
    const encoded = encodeJson(plain);
    expect(encoded).toBeTypeOf("string");
    expect(decodeJson(encoded as string)).toEqual(plain);
  });

  it("carries buffers in a binary frame", () => {
    const encoded = encodeJson(message);
    expect(decodeJson(bufferOf(encoded))).toEqual(message);
  });

  it.each(["", "5", "{}", '{"channel":"iopub","header":{},"content":[]}'])("refuses %j", (text) => {
    expect(() => decodeJson(text)).toThrow(ProtocolError);
  });

  it("refuses a binary frame that is cut", () => {
    const cut = (encodeJson(message) as Uint8Array).subarray(0, 14);
    expect(() => decodeJson(bufferOf(cut))).toThrow(ProtocolError);
  });
});
