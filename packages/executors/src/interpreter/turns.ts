import { OperationQueue } from "./operation-queue.js";

/** Runs the operations of an interpreter one at a time, and stops the one that runs. */
export class Turns {
  readonly #queue = new OperationQueue();
  #running: Promise<unknown> | undefined;
  /** Ends what is running. */
  #stop: (() => void) | undefined;

  get isBusy(): boolean {
    return this.#queue.isBusy;
  }

  /** Runs an operation when its turn comes; `undefined`, without it, when `signal` aborts first. */
  run<T>(operation: () => Promise<T>): Promise<T>;
  run<T>(operation: () => Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined>;
  async run<T>(operation: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
    const turn = this.#queue.acquire(signal);
    // Awaited only where it has to wait: an idle interpreter starts at once.
    if (!(turn === true || (await turn))) return undefined;
    const running = operation();
    this.#running = running;
    try {
      return await running;
    } finally {
      this.#stop = undefined;
      this.#queue.release();
    }
  }

  /** A part of the operation that runs: an interrupt or an abort meanwhile calls `stop`. */
  async stoppable<T>(
    stop: () => void,
    signal: AbortSignal | undefined,
    part: () => Promise<T>,
  ): Promise<T> {
    this.#stop = stop;
    signal?.addEventListener("abort", stop, { once: true });
    try {
      return await part();
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** What the operation that runs starts; `undefined` when it is stopped before that is there. */
  async start<T>(
    start: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T | undefined> {
    const stopping = new AbortController();
    try {
      return await this.stoppable(
        () => stopping.abort(),
        signal,
        () => start(stopping.signal),
      );
    } catch (error) {
      if (stopping.signal.aborted) return undefined;
      throw error;
    }
  }

  /** Stops what is running, and waits until it has ended. */
  async interrupt(): Promise<void> {
    this.#stop?.();
    await this.settled();
  }

  /** Stops what is running, and rejects with `error` what waits and what comes. */
  close(error: unknown): void {
    this.#queue.close(error);
    this.#stop?.();
  }

  /** Waits until what is running has ended, however it does. */
  async settled(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }
}
