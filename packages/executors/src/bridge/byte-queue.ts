import { joinBytes } from "./utf8.js";

/** Collects pieces of bytes and joins them once, so that many small pieces cost linear time. */
export class ByteQueue {
  #pieces: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  /** All bytes as one copy; the queue is empty afterwards. */
  take(): Uint8Array<ArrayBuffer> {
    const joined = joinBytes(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    return joined;
  }
}
