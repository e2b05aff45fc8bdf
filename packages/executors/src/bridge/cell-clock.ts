/** Node and browsers fire a longer timer at once. */
const maxTimerMs = 2 ** 31 - 1;

/** A deadline that can be paused. Pauses may overlap; time runs while there is none. */
export class CellClock {
  readonly #onExpire: () => void;
  #remainingMs: number;
  #runningSince = 0;
  #pauses = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  /** Without `timeoutMs`, or with `Infinity`, it never expires and needs no timer. */
  constructor(timeoutMs: number | undefined, onExpire: () => void) {
    this.#remainingMs = timeoutMs ?? Infinity;
    this.#onExpire = onExpire;
  }

  start(): void {
    this.#running = true;
    this.#arm();
  }

  /** Ends it for good; it does not expire any more. */
  stop(): void {
    this.#running = false;
    this.#disarm();
  }

  /** Stops the time until the returned function is called, the first call of it. */
  pause(): () => void {
    if (this.#pauses++ === 0) this.#disarm();
    let paused = true;
    return () => {
      if (!paused) return;
      paused = false;
      if (--this.#pauses === 0) this.#arm();
    };
  }

  #arm(): void {
    if (!this.#running || this.#pauses > 0 || this.#remainingMs === Infinity) return;
    this.#runningSince = performance.now();
    const waitMs = Math.min(this.#remainingMs, maxTimerMs);
    this.#timer = setTimeout(() => this.#tick(), waitMs);
  }

  #disarm(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#remainingMs -= performance.now() - this.#runningSince;
  }

  #tick(): void {
    const whole = this.#remainingMs <= maxTimerMs;
    this.#disarm();
    if (!whole) {
      this.#arm();
      return;
    }
    this.#running = false;
    this.#onExpire();
  }
}
