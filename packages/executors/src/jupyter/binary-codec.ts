import { ProtocolError } from "../bridge/protocol-error.js";
import { type KernelMessage, readKernelMessage } from "./kernel-message.js";

/** The sub-protocol in which every message is one binary frame, its parts as the kernel made them. */
export const binaryProtocol = "v1.kernel.websocket.jupyter.org";

const offsetBytes = 8;
/** Channel, header, parent header, metadata and content; buffers follow. */
const fixedParts = 5;

/** Encodes a message for the binary sub-protocol: a table of offsets, then the parts. */
export function encodeBinary(message: KernelMessage): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder();
  const { channel, header, parentHeader, metadata, content, buffers } = message;
  const json = [header, parentHeader, metadata, content].map((part) =>
    text.encode(JSON.stringify(part)),
  );
  const parts = [text.encode(channel), ...json, ...buffers];
  const tableBytes = offsetBytes * (parts.length + 2);
  const total = parts.reduce((sum, part) => sum + part.byteLength, tableBytes);
  const bytes = new Uint8Array(total);
  const table = new DataView(bytes.buffer);
  table.setBigUint64(0, BigInt(parts.length + 1), true);
  let offset = tableBytes;
  for (const [index, part] of parts.entries()) {
    table.setBigUint64(offsetBytes * (index + 1), BigInt(offset), true);
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  table.setBigUint64(offsetBytes * (parts.length + 1), BigInt(offset), true);
  return bytes;
}

/** @throws ProtocolError when the bytes are no message. */
export function decodeBinary(data: ArrayBuffer): KernelMessage {
  const parts = splitParts(data);
  const [channel, header, parentHeader, metadata, content, ...buffers] = parts;
  if (content === undefined) throw malformed();
  try {
    return readKernelMessage(
      textOf(channel),
      {
        header: JSON.parse(textOf(header)),
        parentHeader: JSON.parse(textOf(parentHeader)),
        metadata: JSON.parse(textOf(metadata)),
        content: JSON.parse(textOf(content)),
      },
      buffers,
    );
  } catch (error) {
    throw error instanceof ProtocolError ? error : malformed(error);
  }
}

function splitParts(data: ArrayBuffer): Uint8Array[] {
  const view = new DataView(data);
  if (data.byteLength < offsetBytes) throw malformed();
  const count = Number(view.getBigUint64(0, true));
  if (count <= fixedParts || (count + 1) * offsetBytes > data.byteLength) throw malformed();
  const parts: Uint8Array[] = [];
  for (let index = 1; index < count; index++) {
    const start = Number(view.getBigUint64(offsetBytes * index, true));
    const end = Number(view.getBigUint64(offsetBytes * (index + 1), true));
    if (start > end || end > data.byteLength) throw malformed();
    parts.push(new Uint8Array(data, start, end - start));
  }
  return parts;
}

function textOf(part: Uint8Array | undefined): string {
  return new TextDecoder().decode(part);
}

function malformed(cause?: unknown): ProtocolError {
  return new ProtocolError("a message of the kernel was malformed", { cause });
}
