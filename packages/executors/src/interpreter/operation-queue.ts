interface Waiting {
  begin(): void;
  cancel(error: unknown): void;
}

/** Lets one operation run at a time, in the order in which they came. */
export class OperationQueue {
  #waiting: Waiting[] = [];
  #isBusy = false;
  #closedBy: { error: unknown } | undefined;

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /**
   * Waits for the turn. Resolves to `false`, without one, when `signal` aborts first. Whoever got
   * a turn must end it with {@link release}.
   */
  acquire(signal?: AbortSignal): Promise<boolean> | boolean {
    if (this.#closedBy !== undefined) throw this.#closedBy.error;
    if (signal?.aborted) return false;
    if (this.#isBusy) return this.#wait(signal);
    this.#isBusy = true;
    return true;
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isBusy = false;
    else next.begin();
  }

  /** Rejects what waits and what comes; a running operation goes on. */
  close(error: unknown): void {
    this.#closedBy ??= { error };
    for (const waiting of this.#waiting.splice(0)) waiting.cancel(error);
  }

  #wait(signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        resolve(false);
      };
      const waiting: Waiting = {
        begin: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve(true);
        },
        cancel: (error) => {
          signal?.removeEventListener("abort", onAbort);
          reject(error as Error);
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(waiting);
    });
  }
}
