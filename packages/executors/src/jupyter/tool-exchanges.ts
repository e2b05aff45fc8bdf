import { FrameParser, isObject, type RawFrame } from "../bridge/frame-parser.js";
import type { EncodedAnswer } from "../bridge/host-frame.js";
import { ProtocolError } from "../bridge/protocol-error.js";
import { readRuntimeFrame, type ToolCallFrame } from "../bridge/runtime-frame.js";
import type { KernelMessage, Members } from "./kernel-message.js";

/** What exchanges need from their surroundings. */
export interface ToolExchangesOptions {
  /** Hands a call to the running cell, after the output up to that number. */
  dispatch(calls: readonly ToolCallFrame[], after: number): void;
  /** Answers a message of the stdin channel. */
  reply(parentHeader: Members, value: string, buffers: readonly Uint8Array[]): void;
}

interface Exchange {
  id: string;
  parentHeader: Members;
  calls: number;
  answers: EncodedAnswer[];
}

/** Servers refuse messages of more than 10 MiB unless told otherwise. */
const maxPartBytes = 4 * 1024 * 1024;
/** What makes Python's `input()` raise EOFError. */
const endOfInput = "\u0004";

/**
 * The tool calls of a kernel. It asks on the stdin channel, as it would for input: with calls, and
 * later with reminders, for either side may lose a message. No request is carried out twice.
 */
export class ToolExchanges {
  readonly #options: ToolExchangesOptions;
  readonly #exchanges = new Map<string, Exchange>();
  readonly #byCall = new Map<string, Exchange>();

  constructor(options: ToolExchangesOptions) {
    this.#options = options;
  }

  /** @throws ProtocolError when the request cannot come from the runtime. */
  take(message: KernelMessage): void {
    const { header, content, buffers } = message;
    const request = readRequest(content["prompt"]);
    if (request === undefined) {
      this.#options.reply(header, endOfInput, []);
      return;
    }
    const known = this.#exchanges.get(request.id);
    if (known !== undefined) {
      known.parentHeader = header;
      this.#send(known);
    } else if (buffers.length === 0) {
      this.#options.reply(header, JSON.stringify({ codeact: request.id, unknown: true }), []);
    } else {
      this.#begin(request, header, readCalls(buffers));
    }
  }

  /** Takes the answer of one call. */
  answer(frame: EncodedAnswer): void {
    const exchange = this.#byCall.get(frame.id);
    if (exchange === undefined) return;
    this.#byCall.delete(frame.id);
    exchange.answers.push(frame);
    this.#send(exchange);
  }

  /** Forgets everything: the cell is over. */
  clear(): void {
    this.#exchanges.clear();
    this.#byCall.clear();
  }

  #begin(
    request: { id: string; after: number },
    parentHeader: Members,
    calls: readonly ToolCallFrame[],
  ): void {
    // The kernel exchanges one after another: earlier ones are done with, or given up.
    this.clear();
    const exchange = { id: request.id, parentHeader, calls: calls.length, answers: [] };
    this.#exchanges.set(exchange.id, exchange);
    for (const { id } of calls) {
      if (this.#byCall.has(id)) throw new ProtocolError("two tool calls had the same id");
      this.#byCall.set(id, exchange);
    }
    this.#options.dispatch(calls, request.after);
  }

  #send({ id, parentHeader, calls, answers }: Exchange): void {
    if (answers.length < calls) return;
    const text = new TextEncoder();
    const pieces = answers.flatMap(({ line, blobs }) => [text.encode(line), ...blobs]);
    const bytes = join(pieces);
    const parts = Math.max(1, Math.ceil(bytes.length / maxPartBytes));
    for (let part = 0; part < parts; part++) {
      const piece = bytes.subarray(part * maxPartBytes, (part + 1) * maxPartBytes);
      this.#options.reply(parentHeader, JSON.stringify({ codeact: id, part, parts }), [piece]);
    }
  }
}

function readRequest(prompt: unknown): { id: string; after: number } | undefined {
  if (typeof prompt !== "string" || prompt.length > 1000) return undefined;
  let request: unknown;
  try {
    request = JSON.parse(prompt);
  } catch {
    return undefined;
  }
  if (!isObject(request) || typeof request["codeact"] !== "string") return undefined;
  const { codeact: id, after } = request;
  return { id, after: Number.isSafeInteger(after) ? (after as number) : 0 };
}

function readCalls(buffers: readonly Uint8Array[]): ToolCallFrame[] {
  const raw: RawFrame[] = [];
  const parser = new FrameParser((frame) => raw.push(frame));
  for (const { buffer, byteOffset, byteLength } of buffers) {
    parser.push(Buffer.from(buffer, byteOffset, byteLength));
  }
  return raw.map((frame) => {
    const call = readRuntimeFrame(frame);
    if (call.type !== "tool-call") throw new ProtocolError("a tool call was malformed");
    return call;
  });
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.byteLength;
  }
  return bytes;
}
