import type { DisplayOutput, Output, TextOutput } from "@codeact/core";
import { joinBytes, textOf } from "./utf8.js";

/** What was kept of some output. */
export interface CollectedOutput {
  outputs: Output[];
  /** The exact number of bytes that were not kept. */
  droppedBytes: number;
}

interface TextEntry {
  stream: TextOutput["stream"];
  bytes: Uint8Array;
  /** The part of `bytes` that counts. */
  start: number;
  end: number;
}

interface DisplayEntry {
  display: DisplayOutput;
  size: number;
}

type Entry = TextEntry | DisplayEntry;

/** Bounds the memory of output that changes between the streams at every byte. */
const maxEntries = 20_000;
const minGrowthBytes = 1024;

/**
 * What a cell's result keeps of its output: all of it up to the limit, beyond that the first
 * half and the last half. Memory is bounded by the limit, however much is written.
 */
export class KeptOutput {
  readonly #limit: number;
  readonly #head: Entry[] = [];
  #headBytes = 0;
  #headClosed = false;
  #tail: Entry[] = [];
  /** Entries of `#tail` before this index are evicted. */
  #tailStart = 0;
  #tailBytes = 0;
  #droppedBytes = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  /** Takes a copy of `bytes`. */
  addText(stream: TextOutput["stream"], bytes: Uint8Array): void {
    let offset = 0;
    if (!this.#headClosed) {
      offset = Math.min(bytes.length, Math.ceil(this.#limit / 2) - this.#headBytes);
      appendText(this.#head, stream, bytes.subarray(0, offset));
      this.#headBytes += offset;
      this.#headClosed = offset < bytes.length || this.#head.length >= maxEntries / 2;
    }
    if (offset === bytes.length) return;
    // What cannot stay anyway is not copied.
    const surplus = Math.max(0, bytes.length - offset - this.#limit);
    if (surplus > 0) this.#dropTail();
    this.#droppedBytes += surplus;
    appendText(this.#tail, stream, bytes.subarray(offset + surplus));
    this.#tailBytes += bytes.length - offset - surplus;
    this.#evict();
  }

  addDisplay(display: DisplayOutput, size: number): void {
    const entry = { display, size };
    if (!this.#headClosed && this.#headBytes + size <= this.#limit / 2) {
      this.#head.push(entry);
      this.#headBytes += size;
      this.#headClosed = this.#head.length >= maxEntries / 2;
      return;
    }
    this.#headClosed = true;
    this.#tail.push(entry);
    this.#tailBytes += size;
    this.#evict();
  }

  /** Joins adjacent text of one stream. Nothing may be added afterwards. */
  finish(): CollectedOutput {
    const tail = this.#tail.slice(this.#tailStart);
    if (this.#droppedBytes > 0) {
      this.#droppedBytes += trimCutEnd(this.#head.at(-1)) + trimCutStart(tail[0]);
    }
    return { outputs: toOutputs([...this.#head, ...tail]), droppedBytes: this.#droppedBytes };
  }

  #dropTail(): void {
    this.#droppedBytes += this.#tailBytes;
    this.#tail = [];
    this.#tailStart = 0;
    this.#tailBytes = 0;
  }

  #evict(): void {
    const budget = this.#limit - this.#headBytes;
    while (this.#tailBytes > budget || this.#tail.length - this.#tailStart > maxEntries / 2) {
      const oldest = this.#tail[this.#tailStart];
      if (oldest === undefined) return;
      const surplus = this.#tailBytes - budget;
      const size = sizeOf(oldest);
      const evicted = "bytes" in oldest && surplus > 0 && surplus < size ? surplus : size;
      if ("bytes" in oldest && evicted < size) oldest.start += evicted;
      else this.#tailStart++;
      this.#tailBytes -= evicted;
      this.#droppedBytes += evicted;
    }
    if (this.#tailStart > maxEntries) {
      this.#tail = this.#tail.slice(this.#tailStart);
      this.#tailStart = 0;
    }
  }
}

function sizeOf(entry: Entry): number {
  return "bytes" in entry ? entry.end - entry.start : entry.size;
}

/** Appends to the last entry where it has the same stream, growing it geometrically. */
function appendText(entries: Entry[], stream: TextOutput["stream"], bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  const last = entries.at(-1);
  if (last === undefined || !("bytes" in last) || last.stream !== stream) {
    entries.push({ stream, bytes: new Uint8Array(bytes), start: 0, end: bytes.length });
    return;
  }
  if (last.bytes.length - last.end < bytes.length) {
    const used = last.end - last.start;
    // Where half of the buffer is evicted, that room is used again.
    const needed = 2 * (used + bytes.length);
    const roomy =
      needed <= last.bytes.length ? last.bytes : new Uint8Array(needed + minGrowthBytes);
    roomy.set(last.bytes.subarray(last.start, last.end));
    last.bytes = roomy;
    last.start = 0;
    last.end = used;
  }
  last.bytes.set(bytes, last.end);
  last.end += bytes.length;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Removes the bytes of a character that the gap cut in two; returns their number. */
function trimCutEnd(entry: Entry | undefined): number {
  if (entry === undefined || !("bytes" in entry)) return 0;
  const { bytes, start, end } = entry;
  let lead = end - 1;
  while (lead > start && end - lead < 4 && isContinuation(bytes[lead])) lead--;
  const first = bytes[lead] ?? 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  if (lead < start || lead + length <= end) return 0;
  entry.end = lead;
  return end - lead;
}

function trimCutStart(entry: Entry | undefined): number {
  if (entry === undefined || !("bytes" in entry)) return 0;
  const { bytes, start, end } = entry;
  let first = start;
  while (first < end && first - start < 3 && isContinuation(bytes[first])) first++;
  entry.start = first;
  return first - start;
}

function toOutputs(entries: readonly Entry[]): Output[] {
  const outputs: Output[] = [];
  let pieces: Uint8Array[] = [];
  for (const [index, entry] of entries.entries()) {
    if (!("bytes" in entry)) {
      outputs.push(entry.display);
      continue;
    }
    pieces.push(entry.bytes.subarray(entry.start, entry.end));
    const next = entries[index + 1];
    if (next !== undefined && "bytes" in next && next.stream === entry.stream) continue;
    const text = textOf(joinBytes(pieces));
    if (text !== "") outputs.push({ type: "text", stream: entry.stream, text });
    pieces = [];
  }
  return outputs;
}
