/** Calls `onElapsed` after `durationMs` of unpaused time. */
export class PausableClock {
  #remainingMs: number;
  #runningSince = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pauses = 0;
  #stopped = false;

  constructor(
    durationMs: number,
    private readonly onElapsed: () => void,
  ) {
    this.#remainingMs = durationMs;
    this.#run();
  }

  /** Stops the time until the returned function is called; pauses may overlap. */
  pause(): () => void {
    this.#pauses += 1;
    if (this.#pauses === 1) this.#halt();
    let resumed = false;
    return () => {
      if (resumed) return;
      resumed = true;
      this.#pauses -= 1;
      if (this.#pauses === 0) this.#run();
    };
  }

  /** Ends the clock for good. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #run(): void {
    if (this.#stopped || this.#remainingMs === Number.POSITIVE_INFINITY) return;
    this.#runningSince = performance.now();
    this.#timer = setTimeout(this.onElapsed, this.#remainingMs);
  }

  #halt(): void {
    clearTimeout(this.#timer);
    this.#remainingMs = Math.max(0, this.#remainingMs - (performance.now() - this.#runningSince));
  }
}
