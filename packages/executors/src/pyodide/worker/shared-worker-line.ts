import type { SharedLine } from "../line/shared-line.js";
import { WorkerLine } from "./worker-line.js";

const readBytes = 262_144;
/** A worker that sleeps looks up so often, should a wake-up ever be missed. */
const maxSleepMs = 1000;

/** The way by shared memory. It blocks the thread where it waits. */
export class SharedWorkerLine extends WorkerLine {
  readonly #line: SharedLine;
  readonly #tellHost: () => void;

  /** `tellHost` makes the host look at the line. */
  constructor(line: SharedLine, tellHost: () => void) {
    super();
    this.#line = line;
    this.#tellHost = tellHost;
  }

  get interruptFlag(): Uint8Array {
    return this.#line.interruptFlag;
  }

  get isInterrupted(): boolean {
    return Atomics.load(this.#line.interruptFlag, 0) !== 0;
  }

  wait(timeoutMs: number): void {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const { flags, wakePlace } = this.#line;
      const seen = Atomics.load(flags, wakePlace);
      this.receive();
      const remainingMs = deadlineMs - performance.now();
      if (this.isReadable || this.isInterrupted || remainingMs <= 0) return;
      Atomics.wait(flags, wakePlace, seen, Math.min(remainingMs, maxSleepMs));
    }
  }

  protected write(packet: Uint8Array): void {
    const { toHost, flags } = this.#line;
    let sent = 0;
    for (;;) {
      const seen = Atomics.load(flags, toHost.readPlace);
      sent += toHost.write(packet, sent);
      if (this.#line.claimTelling()) this.#tellHost();
      if (sent === packet.length) return;
      if (toHost.length >= toHost.capacity) {
        Atomics.wait(flags, toHost.readPlace, seen, maxSleepMs);
      }
    }
  }

  protected receive(): void {
    const { toWorker } = this.#line;
    for (;;) {
      const bytes = toWorker.read(readBytes);
      if (bytes.length === 0) return;
      if (this.#line.hasMore) this.#tellHost();
      this.takeBytes(bytes);
    }
  }
}
