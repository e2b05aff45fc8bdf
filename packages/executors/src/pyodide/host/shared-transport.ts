import { SharedLine } from "../line/shared-line.js";
import type { ByteTransport } from "./byte-transport.js";

const readBytes = 65_536;
/** After so many reads other tasks of the host have their turn: a worker can write without end. */
const maxReadsInTurn = 8;

/** The host's end of a shared line. Whoever owns the worker calls {@link look} when that tells. */
export class SharedTransport implements ByteTransport {
  readonly #line: SharedLine;
  #take: (bytes: Uint8Array) => void = () => {};
  #unsent: Uint8Array[] = [];
  #isPaused = false;
  #isDraining = false;
  #isReading = false;

  constructor(memory: SharedArrayBuffer) {
    this.#line = new SharedLine(memory);
  }

  onBytes(take: (bytes: Uint8Array) => void): void {
    this.#take = take;
  }

  write(parts: readonly Uint8Array[]): void {
    this.#unsent.push(...parts.filter((part) => part.length > 0));
    this.#flush();
  }

  /** Raises the flag that Python polls. */
  interrupt(signal: number): void {
    Atomics.store(this.#line.interruptFlag, 0, signal);
    this.#line.wake();
  }

  /** Takes what is there to read, and writes what there is room for. */
  look(): void {
    this.#line.expectTelling();
    this.#flush();
    this.#read();
  }

  pause(): void {
    this.#isPaused = !this.#isDraining;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#read();
  }

  /** The worker is gone: reads all that it left, which whoever takes it can no longer put off. */
  drain(): void {
    this.#isDraining = true;
    this.#isPaused = false;
    this.#read();
  }

  #read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    const { toHost, flags } = this.#line;
    try {
      for (let count = 0; !this.#isPaused; count++) {
        if (count === maxReadsInTurn) {
          setTimeout(() => this.#read());
          return;
        }
        const bytes = toHost.read(readBytes);
        if (bytes.length === 0) return;
        // The worker may wait for the room.
        Atomics.notify(flags, toHost.readPlace);
        this.#take(bytes);
      }
    } finally {
      this.#isReading = false;
    }
  }

  #flush(): void {
    const { toWorker } = this.#line;
    let hasWritten = false;
    for (let part = this.#unsent[0]; part !== undefined; part = this.#unsent[0]) {
      const count = toWorker.write(part);
      hasWritten ||= count > 0;
      if (count < part.length) {
        this.#unsent[0] = part.subarray(count);
        this.#line.setHasMore(true);
        // Room that was made before the worker could see the flag is seen here.
        if (toWorker.length >= toWorker.capacity) break;
      } else {
        this.#unsent.shift();
      }
    }
    if (this.#unsent.length === 0) this.#line.setHasMore(false);
    if (hasWritten) this.#line.wake();
  }
}
