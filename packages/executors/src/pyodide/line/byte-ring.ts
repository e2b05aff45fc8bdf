/**
 * Bytes from one thread to another through shared memory. One thread writes and one reads; both
 * counters only grow, modulo 2³².
 */
export class ByteRing {
  readonly #counters: Int32Array<SharedArrayBuffer>;
  readonly #written: number;
  readonly #read: number;
  readonly #bytes: Uint8Array<SharedArrayBuffer>;

  /** `written` and `read` are the places of the counters; the length of `bytes` is a power of 2. */
  constructor(
    counters: Int32Array<SharedArrayBuffer>,
    written: number,
    read: number,
    bytes: Uint8Array<SharedArrayBuffer>,
  ) {
    this.#counters = counters;
    this.#written = written;
    this.#read = read;
    this.#bytes = bytes;
  }

  /** How many bytes wait to be read. The other side can make this any number. */
  get length(): number {
    const written = Atomics.load(this.#counters, this.#written);
    return (written - Atomics.load(this.#counters, this.#read)) >>> 0;
  }

  get capacity(): number {
    return this.#bytes.length;
  }

  /** Where the reader's counter is; with it a writer waits for room. */
  get readPlace(): number {
    return this.#read;
  }

  /** Writes as much as there is room for; returns how many bytes that was. */
  write(data: Uint8Array, from = 0): number {
    const count = Math.min(
      data.length - from,
      this.capacity - Math.min(this.length, this.capacity),
    );
    if (count <= 0) return 0;
    const start = Atomics.load(this.#counters, this.#written);
    const offset = start & (this.capacity - 1);
    const first = Math.min(count, this.capacity - offset);
    this.#bytes.set(data.subarray(from, from + first), offset);
    if (first < count) this.#bytes.set(data.subarray(from + first, from + count), 0);
    Atomics.store(this.#counters, this.#written, (start + count) | 0);
    return count;
  }

  /** A copy of at most `limit` bytes, which are gone from the ring. */
  read(limit: number): Uint8Array<ArrayBuffer> {
    const count = Math.min(this.length, limit, this.capacity);
    const start = Atomics.load(this.#counters, this.#read);
    const offset = start & (this.capacity - 1);
    const first = Math.min(count, this.capacity - offset);
    const copy = new Uint8Array(count);
    copy.set(this.#bytes.subarray(offset, offset + first));
    if (first < count) copy.set(this.#bytes.subarray(0, count - first), first);
    Atomics.store(this.#counters, this.#read, (start + count) | 0);
    return copy;
  }
}
