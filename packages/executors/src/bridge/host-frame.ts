import type { ToolCallError, ToolDeclaration } from "@codeact/core";
import { maxBlobBytes, maxLineBytes } from "./frame-parser.js";
import { bytesOf } from "./utf8.js";
import { encodeValue, WireValueError } from "./values.js";

/** A frame to Python, besides the answers of tool calls. */
export type HostFrame =
  | {
      type: "hello";
      nonce: string;
      tools: readonly ToolDeclaration[];
      workspace: string;
      preload: readonly string[];
      limits: ResourceLimits;
    }
  | { type: "execute"; cell: number; code: string }
  | { type: "interrupt"; cell: number }
  | { type: "fork" }
  | { type: "branch"; nonce: string; workspace: string }
  | { type: "close" };

/** Limits of each process of a session, which nothing else sets. */
export interface ResourceLimits {
  /** Of address space. */
  memoryBytes?: number;
  fileSizeBytes?: number;
}

/** A frame as written to the channel: the header line, and blobs that follow it. */
export interface EncodedFrame {
  line: string;
  blobs: readonly Uint8Array[];
}

/** The answer of a tool call. */
export interface EncodedAnswer extends EncodedFrame {
  /** The id of the call. */
  id: string;
}

const noBlobs: readonly Uint8Array[] = [];
const maxErrorCharacters = 100_000;

/** @throws WireValueError when the frame is longer than the protocol allows. */
export function encodeHostFrame(frame: HostFrame): EncodedFrame {
  return { line: toLine(frame), blobs: noBlobs };
}

/** @throws WireValueError when the value cannot be sent. */
export function encodeToolResult(id: string, value: unknown, endCell: boolean): EncodedAnswer {
  const blobs: Uint8Array[] = [];
  const frame: { [member: string]: unknown } = {
    type: "tool-result",
    id,
    ok: true,
    value: encodeValue(value, blobs),
  };
  if (endCell) frame["endCell"] = true;
  if (blobs.length > 0) {
    frame["blobs"] = blobs.map((blob) => blob.byteLength);
    const total = blobs.reduce((sum, blob) => sum + blob.byteLength, 0);
    if (total > maxBlobBytes) throw new WireValueError("a value is larger than 256 MiB");
  }
  return { id, line: toLine(frame), blobs };
}

/** The answer that raises an exception in Python. */
export function encodeToolError(id: string, error: ToolCallError): EncodedAnswer {
  const message = error.message.slice(0, maxErrorCharacters);
  const frame = { type: "tool-result", id, ok: false, error: { type: error.type, message } };
  return { id, line: toLine(frame), blobs: noBlobs };
}

function toLine(frame: object): string {
  const line = JSON.stringify(frame);
  // UTF-8 takes at most three bytes for a UTF-16 unit.
  if (line.length > maxLineBytes / 3 && bytesOf(line).length > maxLineBytes) {
    throw new WireValueError("it is longer than 16 MiB; put large data in a file or in bytes");
  }
  return `${line}\n`;
}
