import { ByteQueue } from "./byte-queue.js";
import { ProtocolError } from "./protocol-error.js";
import { textOf } from "./utf8.js";

/** Bytes of a header line, without the newline. */
export const maxLineBytes = 16 * 1024 * 1024;
/** Bytes of all blobs of one frame together. */
export const maxBlobBytes = 256 * 1024 * 1024;
const maxBlobs = 65_536;

/** A frame as it came: nothing in it is checked besides its outer form. */
export interface RawFrame {
  header: { readonly [member: string]: unknown };
  blobs: readonly Uint8Array[];
  /** The header's length in characters; bounds how deep it can be nested. */
  headerLength: number;
  /** Whether the header may hold value tags; without one, its values are plain JSON. */
  mayHoldTags: boolean;
}

const newline = 0x0a;

/** Cuts the bytes of a channel into frames, however they are split. */
export class FrameParser {
  readonly #onFrame: (frame: RawFrame) => void;
  readonly #line = new ByteQueue();
  readonly #blob = new ByteQueue();
  /** The frame whose blobs are still coming. */
  #open: { frame: RawFrame; blobs: Uint8Array[]; lengths: readonly number[] } | undefined;

  constructor(onFrame: (frame: RawFrame) => void) {
    this.#onFrame = onFrame;
  }

  /** @throws ProtocolError when the bytes are no frames. */
  push(chunk: Uint8Array): void {
    let offset = 0;
    while (offset < chunk.length) {
      offset =
        this.#open === undefined ? this.#readLine(chunk, offset) : this.#readBlob(chunk, offset);
    }
  }

  #readLine(chunk: Uint8Array, offset: number): number {
    const newlineAt = chunk.indexOf(newline, offset);
    const end = newlineAt === -1 ? chunk.length : newlineAt;
    if (this.#line.length + end - offset > maxLineBytes) {
      throw new ProtocolError("a protocol frame was longer than 16 MiB");
    }
    if (newlineAt !== -1 && this.#line.length === 0) {
      this.#takeHeader(textOf(chunk.subarray(offset, end)));
      return end + 1;
    }
    this.#line.push(chunk.subarray(offset, end));
    if (newlineAt !== -1) this.#takeHeader(textOf(this.#line.take()));
    return end + 1;
  }

  #takeHeader(line: string): void {
    const header = parseHeader(line);
    const blobs: Uint8Array[] = [];
    const mayHoldTags = line.includes('"$');
    const frame: RawFrame = { header, blobs, headerLength: line.length, mayHoldTags };
    if (!Object.hasOwn(header, "blobs")) {
      this.#onFrame(frame);
      return;
    }
    this.#open = { frame, blobs, lengths: readLengths(header["blobs"]) };
    this.#closeFilledBlobs();
  }

  #readBlob(chunk: Uint8Array, offset: number): number {
    const open = this.#open;
    if (open === undefined) return offset;
    const missing = (open.lengths[open.blobs.length] ?? 0) - this.#blob.length;
    const end = Math.min(offset + missing, chunk.length);
    this.#blob.push(chunk.subarray(offset, end));
    this.#closeFilledBlobs();
    return end;
  }

  #closeFilledBlobs(): void {
    const open = this.#open;
    if (open === undefined) return;
    while (this.#blob.length === open.lengths[open.blobs.length]) {
      open.blobs.push(this.#blob.take());
    }
    if (open.blobs.length < open.lengths.length) return;
    this.#open = undefined;
    this.#onFrame(open.frame);
  }
}

function parseHeader(line: string): { readonly [member: string]: unknown } {
  let header: unknown;
  try {
    header = JSON.parse(line);
  } catch (error) {
    throw new ProtocolError("a protocol frame was not JSON", { cause: error });
  }
  if (!isObject(header)) throw new ProtocolError("a protocol frame was not a JSON object");
  return header;
}

function readLengths(lengths: unknown): readonly number[] {
  if (!Array.isArray(lengths) || lengths.length > maxBlobs) {
    throw new ProtocolError("a protocol frame had a malformed list of blobs");
  }
  let total = 0;
  for (const length of lengths as readonly unknown[]) {
    if (!Number.isSafeInteger(length) || (length as number) < 0) {
      throw new ProtocolError("a protocol frame had a malformed list of blobs");
    }
    total += length as number;
  }
  if (total > maxBlobBytes) throw new ProtocolError("a protocol frame carried over 256 MiB");
  return lengths as readonly number[];
}

/** Whether `value` is what JSON calls an object. */
export function isObject(value: unknown): value is { readonly [member: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
