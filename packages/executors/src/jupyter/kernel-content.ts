import type { DisplayOutput, TextOutput } from "@codeact/core";
import { isObject } from "../bridge/frame-parser.js";
import { ProtocolError } from "../bridge/protocol-error.js";
import { readRuntimeFrame } from "../bridge/runtime-frame.js";
import type { KernelMessage, Members } from "./kernel-message.js";
import type { NumberedOutput } from "./ordered-output.js";

/** The stream and the bytes of a `stream` message. */
export function textOf(content: Members): [TextOutput["stream"], Buffer] {
  const stream = content["name"] === "stderr" ? "stderr" : "stdout";
  return [stream, Buffer.from(String(content["text"]))];
}

/**
 * A display, and its size for the output limit.
 * @throws ProtocolError when it is malformed.
 */
export function displayOf(type: string, content: Members): [DisplayOutput, number] {
  const source = type === "execute_result" ? "result" : "display";
  const header = { type: "display", cell: 0, source, data: content["data"] };
  const headerLength = JSON.stringify(header).length;
  const frame = readRuntimeFrame({ header, blobs: [], headerLength, mayHoldTags: false });
  if (frame.type !== "display") throw new ProtocolError("a display was malformed");
  return [{ type: "display", source, data: frame.data }, frame.size];
}

/** The content of a request that runs code; nothing of it goes into the kernel's history. */
export function executeContent(code: string, silent: boolean): Members {
  return {
    code,
    silent,
    store_history: false,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: false,
  };
}

/** @throws ProtocolError when it has no number. */
export function readOutput(members: Members): NumberedOutput {
  const { number, lost, type, content } = members;
  if (!Number.isSafeInteger(number) || !isObject(content)) {
    throw new ProtocolError("a message of the runtime was malformed");
  }
  return { number: number as number, lost: countOf(lost), type: String(type), content };
}

/** A count, or 0 for anything else. */
export function countOf(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 0;
}

/** What the kernel says of a cell that failed. */
export function problemOf({ content }: KernelMessage): string {
  const { ename, evalue } = content;
  return typeof ename === "string"
    ? `${ename}: ${String(evalue).slice(0, 500)}`
    : "it says nothing";
}
