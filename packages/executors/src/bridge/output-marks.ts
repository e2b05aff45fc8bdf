import type { TextOutput } from "@codeact/core";

/** Receives what an output pipe held. */
export interface OutputSink {
  text(stream: TextOutput["stream"], bytes: Buffer): void;
  /**
   * A synchronisation mark: everything before it was passed to `text`. Returns whether to go on;
   * otherwise what follows waits for `resume()`.
   */
  mark(mark: number): boolean;
}

const escape = 0x1b;
const bell = "\x07";
/** Longer than any number that a frame may name. */
const maxKindBytes = 16;
const nothing = Buffer.alloc(0);

/**
 * Splits the bytes of the output pipe into text and the marks of the runtime, however they are
 * cut. Bytes that only look like the beginning of a mark, or carry another nonce, are text.
 */
export class OutputMarkParser {
  readonly #prefix: Buffer;
  readonly #sink: OutputSink;
  #stream: TextOutput["stream"] = "stdout";
  /** The beginning of what may become a mark; while waiting, all that came since. */
  #held: Buffer = nothing;
  #isWaiting = false;

  constructor(nonce: string, sink: OutputSink) {
    this.#prefix = Buffer.from(`\x1b]codeact;${nonce};`, "latin1");
    this.#sink = sink;
  }

  /** Whether a mark holds up what follows it. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  push(chunk: Buffer): void {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (this.#isWaiting) {
      this.#held = bytes;
      return;
    }
    this.#held = nothing;
    let textStart = 0;
    let searchFrom = 0;
    for (;;) {
      const found = bytes.indexOf(this.#prefix, searchFrom);
      if (found === -1) break;
      const kindStart = found + this.#prefix.length;
      const kind = bytes.toString("latin1", kindStart, kindStart + maxKindBytes + 1);
      const end = kind.indexOf(bell);
      if (end === -1 && kind.length <= maxKindBytes) {
        this.#hold(bytes, textStart, found);
        return;
      }
      searchFrom = kindStart;
      if (!isKind(kind.slice(0, Math.max(end, 0)))) continue;
      this.#emit(bytes, textStart, found);
      textStart = searchFrom = kindStart + end + 1;
      if (!this.#take(kind.slice(0, end))) {
        this.#isWaiting = true;
        this.#held = bytes.subarray(textStart);
        return;
      }
    }
    this.#hold(bytes, textStart, this.#partialPrefix(bytes, searchFrom));
  }

  /** Goes on after a mark that held things up. */
  resume(): void {
    const held = this.#held;
    this.#held = nothing;
    this.#isWaiting = false;
    this.push(held);
  }

  /** Passes on what was held back, as no more will come for now. */
  flush(): void {
    const held = this.#held;
    this.#held = nothing;
    this.#emit(held, 0, held.length);
  }

  /** Where a prefix begins that the end of `bytes` cuts; the length of `bytes` where none does. */
  #partialPrefix(bytes: Buffer, from: number): number {
    let start = Math.max(from, bytes.length - this.#prefix.length + 1);
    for (;;) {
      start = bytes.indexOf(escape, start);
      if (start === -1) return bytes.length;
      const length = bytes.length - start;
      if (bytes.compare(this.#prefix, 0, length, start) === 0) return start;
      start++;
    }
  }

  #hold(bytes: Buffer, textStart: number, heldStart: number): void {
    this.#emit(bytes, textStart, heldStart);
    this.#held = heldStart === bytes.length ? nothing : Buffer.from(bytes.subarray(heldStart));
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    if (start < end) this.#sink.text(this.#stream, bytes.subarray(start, end));
  }

  #take(kind: string): boolean {
    if (kind !== "e" && kind !== "o") return this.#sink.mark(Number(kind));
    this.#stream = kind === "e" ? "stderr" : "stdout";
    return true;
  }
}

function isKind(kind: string): boolean {
  return kind === "e" || kind === "o" || /^\d+$/.test(kind);
}
