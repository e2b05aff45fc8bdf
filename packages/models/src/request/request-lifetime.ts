/**
 * The life of one HTTP request: it ends with the caller's signal, with the idle time-out, or when
 * it is closed. Whatever comes first also cancels the request, through {@link signal}.
 */
export class RequestLifetime {
  readonly #controller = new AbortController();
  readonly #callerSignal: AbortSignal | undefined;
  readonly #idleError: () => Error;
  #idleTimeoutMs: number;
  #ended: { reason: unknown } | undefined;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #rejectWait: ((reason: unknown) => void) | undefined;

  constructor(
    callerSignal: AbortSignal | undefined,
    idleTimeoutMs: number,
    /** Makes the error that a silent server is reported by. */
    idleError: () => Error,
  ) {
    this.#callerSignal = callerSignal;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#idleError = idleError;
    callerSignal?.addEventListener("abort", this.#onAbort, { once: true });
    if (callerSignal?.aborted) this.#onAbort();
  }

  /** Cancels the request. It is not the caller's signal, so nobody leaves listeners on that. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * One wait at a time: settles as `promise` does, unless the life ends first.
   * @throws the caller's abort reason or the idle error
   */
  readonly wait = <T>(promise: Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      this.#rejectWait = reject;
      if (this.#ended) reject(this.#ended.reason as Error);
      else this.#idleTimer = setTimeout(() => this.#end(this.#idleError()), this.#idleTimeoutMs);
      const settle =
        <V>(settleWait: (value: V) => void) =>
        (value: V): void => {
          clearTimeout(this.#idleTimer);
          settleWait(value);
        };
      promise.then(settle(resolve), settle(reject));
    });

  /** @throws the reason, if the life has ended */
  throwIfEnded(): void {
    if (this.#ended) throw this.#ended.reason;
  }

  /** From now on waits only this long. */
  limitWaits(idleTimeoutMs: number): void {
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** Cancels what is still open and leaves the caller's signal. */
  close(): void {
    this.#callerSignal?.removeEventListener("abort", this.#onAbort);
    clearTimeout(this.#idleTimer);
    this.#controller.abort();
  }

  readonly #onAbort = (): void => this.#end(this.#callerSignal?.reason);

  #end(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = { reason };
    clearTimeout(this.#idleTimer);
    // Before the request is cancelled, whose own failure would otherwise come first.
    this.#rejectWait?.(reason);
    this.#controller.abort();
  }
}
