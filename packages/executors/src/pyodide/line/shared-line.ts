import { ByteRing } from "./byte-ring.js";

const capacityBytes = 262_144;
const headBytes = 64;

/** Places in the head of the shared memory, as 32-bit integers. */
const places = {
  toWorkerWritten: 0,
  toWorkerRead: 1,
  toHostWritten: 2,
  toHostRead: 3,
  wake: 4,
  hostIsTold: 5,
  hostHasMore: 6,
  interrupt: 7,
} as const;

/** The memory that a host and a worker share: a ring of bytes each way, and flags. */
export class SharedLine {
  readonly toWorker: ByteRing;
  readonly toHost: ByteRing;
  /** Its first byte is the flag that Pyodide polls: the number of a signal. */
  readonly interruptFlag: Uint8Array<SharedArrayBuffer>;
  /** Counts what the worker may sleep through; with {@link wakePlace} it waits for a change. */
  readonly flags: Int32Array<SharedArrayBuffer>;
  readonly wakePlace = places.wake;

  constructor(memory: SharedArrayBuffer) {
    this.flags = new Int32Array(memory, 0, headBytes / 4);
    this.interruptFlag = new Uint8Array(memory, places.interrupt * 4, 1);
    const ring = (written: number, read: number, index: number) =>
      new ByteRing(
        this.flags,
        written,
        read,
        new Uint8Array(memory, headBytes + index * capacityBytes, capacityBytes),
      );
    this.toWorker = ring(places.toWorkerWritten, places.toWorkerRead, 0);
    this.toHost = ring(places.toHostWritten, places.toHostRead, 1);
  }

  static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer(headBytes + 2 * capacityBytes);
  }

  /** Wakes the worker, whatever it waits for. */
  wake(): void {
    Atomics.add(this.flags, places.wake, 1);
    Atomics.notify(this.flags, places.wake);
  }

  /** For the worker: whether the host must be told that there is something to read. */
  claimTelling(): boolean {
    return Atomics.exchange(this.flags, places.hostIsTold, 1) === 0;
  }

  /** For the host, before it reads: the worker must tell it of what comes from now on. */
  expectTelling(): void {
    Atomics.store(this.flags, places.hostIsTold, 0);
  }

  /** For the host: whether it waits for room in the ring to the worker. */
  setHasMore(hasMore: boolean): void {
    Atomics.store(this.flags, places.hostHasMore, hasMore ? 1 : 0);
  }

  /** For the worker, after it has read: whether the host waits for the room. */
  get hasMore(): boolean {
    return Atomics.load(this.flags, places.hostHasMore) !== 0;
  }
}
