import type { Duplex } from "node:stream";
import type { ByteTransport } from "../host/byte-transport.js";

/** Bytes to a child process and back, by a pipe. */
export class StreamTransport implements ByteTransport {
  readonly #stream: Duplex;

  /** The owner of the stream listens to its errors. */
  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  onBytes(take: (bytes: Uint8Array) => void): void {
    this.#stream.on("data", take);
  }

  write(parts: readonly Uint8Array[]): void {
    if (!this.#stream.writable) return;
    this.#stream.cork();
    for (const part of parts) this.#stream.write(part);
    this.#stream.uncork();
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    if (this.#stream.isPaused()) this.#stream.resume();
  }
}
