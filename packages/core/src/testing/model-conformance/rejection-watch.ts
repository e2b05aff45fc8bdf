interface RejectionSource {
  on(event: "unhandledRejection", listener: (reason: unknown) => void): void;
  off(event: "unhandledRejection", listener: (reason: unknown) => void): void;
}

/** Notices promises that were rejected with nobody listening, where the platform is Node. */
export class RejectionWatch {
  readonly #reasons: unknown[] = [];
  readonly #source = (globalThis as { process?: RejectionSource }).process;
  readonly #listener = (reason: unknown): void => void this.#reasons.push(reason);

  constructor() {
    this.#source?.on("unhandledRejection", this.#listener);
  }

  /** The reasons so far. Ends the watch. */
  async end(): Promise<readonly unknown[]> {
    // Node reports them once the promise jobs of a turn are done.
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#source?.off("unhandledRejection", this.#listener);
    return this.#reasons;
  }
}
