import { abortable } from "../../python/waiting.js";

interface Entry<V> {
  result: Promise<V>;
  stopping: AbortController;
  waiterCount: number;
  isSettled: boolean;
}

/**
 * What is made once for all who want it. What fails is made anew for the next; what nobody waits for any
 * more is stopped.
 */
export class SharedResults<K, V> {
  readonly #entries = new Map<K, Entry<V>>();

  /** Settles like what `make` returned for this key, or rejects with the signal's reason. */
  async get(
    key: K,
    make: (signal: AbortSignal) => Promise<V>,
    signal = new AbortController().signal,
  ): Promise<V> {
    signal.throwIfAborted();
    const entry = this.#entries.get(key) ?? this.#begin(key, make);
    entry.waiterCount++;
    try {
      return await abortable(entry.result, signal);
    } finally {
      entry.waiterCount--;
      if (entry.waiterCount === 0 && !entry.isSettled) {
        this.#remove(key, entry);
        entry.stopping.abort(signal.reason);
      }
    }
  }

  /** Replaces what was made. */
  set(key: K, value: V): void {
    this.#begin(key, () => Promise.resolve(value));
  }

  /** The next who wants it has it made anew. */
  delete(key: K): void {
    this.#entries.delete(key);
  }

  #begin(key: K, make: (signal: AbortSignal) => Promise<V>): Entry<V> {
    const stopping = new AbortController();
    const result = make(stopping.signal);
    const entry: Entry<V> = { result, stopping, waiterCount: 0, isSettled: false };
    this.#entries.set(key, entry);
    result.then(
      () => {
        entry.isSettled = true;
      },
      () => {
        entry.isSettled = true;
        this.#remove(key, entry);
      },
    );
    return entry;
  }

  /** Unless another has taken its place. */
  #remove(key: K, entry: Entry<V>): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}
