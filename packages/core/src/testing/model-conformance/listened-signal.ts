/** An abort signal that knows how many listeners were left on it. */
export class ListenedSignal {
  readonly #controller = new AbortController();
  readonly #listeners = new Set<unknown>();
  readonly #onceListeners = new Set<unknown>();

  constructor() {
    const { signal } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...values: Parameters<AbortSignal["addEventListener"]>) => {
      const [, listener, options] = values;
      this.#listeners.add(listener);
      if (typeof options === "object") {
        if (options.once) this.#onceListeners.add(listener);
        options.signal?.addEventListener("abort", () => this.#listeners.delete(listener));
      }
      add(...values);
    };
    signal.removeEventListener = (...values: Parameters<AbortSignal["removeEventListener"]>) => {
      this.#listeners.delete(values[1]);
      remove(...values);
    };
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Listeners that were added and never removed. */
  get listeners(): number {
    return this.#listeners.size;
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
    for (const listener of this.#onceListeners) this.#listeners.delete(listener);
  }
}
