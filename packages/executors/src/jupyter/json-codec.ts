import { isObject } from "../bridge/frame-parser.js";
import { ProtocolError } from "../bridge/protocol-error.js";
import { type KernelMessage, readKernelMessage } from "./kernel-message.js";

const offsetBytes = 4;

/**
 * Encodes a message for servers without a sub-protocol: JSON, or with buffers a binary frame of a
 * table of offsets, the JSON and the buffers.
 */
export function encodeJson(message: KernelMessage): string | Uint8Array<ArrayBuffer> {
  const { channel, header, parentHeader, metadata, content, buffers } = message;
  const members = { channel, header, parent_header: parentHeader, metadata, content };
  if (buffers.length === 0) return JSON.stringify({ ...members, buffers: [] });
  const parts = [new TextEncoder().encode(JSON.stringify(members)), ...buffers];
  const tableBytes = offsetBytes * (parts.length + 1);
  const total = parts.reduce((sum, part) => sum + part.byteLength, tableBytes);
  const bytes = new Uint8Array(total);
  const table = new DataView(bytes.buffer);
  table.setUint32(0, parts.length);
  let offset = tableBytes;
  for (const [index, part] of parts.entries()) {
    table.setUint32(offsetBytes * (index + 1), offset);
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}

/** @throws ProtocolError when it is no message. */
export function decodeJson(data: string | ArrayBuffer): KernelMessage {
  try {
    if (typeof data === "string") return fromJson(JSON.parse(data), []);
    const [json, ...buffers] = splitParts(data);
    return fromJson(JSON.parse(new TextDecoder().decode(json)), buffers);
  } catch (error) {
    throw error instanceof ProtocolError ? error : malformed(error);
  }
}

function fromJson(message: unknown, buffers: readonly Uint8Array[]): KernelMessage {
  if (!isObject(message)) throw malformed();
  const { channel, header, metadata, content } = message;
  const parts = { header, parentHeader: message["parent_header"], metadata, content };
  return readKernelMessage(channel, parts, buffers);
}

function splitParts(data: ArrayBuffer): Uint8Array[] {
  const view = new DataView(data);
  const count = view.getUint32(0);
  if ((count + 1) * offsetBytes > data.byteLength) throw malformed();
  return Array.from({ length: count }, (_, index) => {
    const start = view.getUint32(offsetBytes * (index + 1));
    const isLast = index === count - 1;
    const end = isLast ? data.byteLength : view.getUint32(offsetBytes * (index + 2));
    if (start > end || end > data.byteLength) throw malformed();
    return new Uint8Array(data, start, end - start);
  });
}

function malformed(cause?: unknown): ProtocolError {
  return new ProtocolError("a message of the kernel was malformed", { cause });
}
