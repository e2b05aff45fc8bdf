/** The means by which a cell can be ended, from gentle to certain. */
export interface InterruptMeans {
  /** Asks the runtime to raise `KeyboardInterrupt`. */
  ask(): void;
  /** Sends SIGINT to the process and its children. */
  signal(): void;
  /** Kills the process. */
  kill(): void;
}

const steps = 10;
/** The code gets this many steps to clean up undisturbed. */
const undisturbedSteps = 3;

/**
 * Ends a cell: asks at once, after a while signals and asks again and again, because code can
 * swallow an interrupt, and kills at the end of the grace.
 */
export class InterruptLadder {
  readonly #means: InterruptMeans;
  readonly #timer: ReturnType<typeof setInterval>;
  #step = 0;

  constructor(graceMs: number, means: InterruptMeans) {
    this.#means = means;
    this.#timer = setInterval(() => this.#climb(), graceMs / steps);
    means.ask();
  }

  /** The cell has ended. */
  cancel(): void {
    clearInterval(this.#timer);
  }

  #climb(): void {
    this.#step++;
    if (this.#step >= steps) {
      this.cancel();
      this.#means.kill();
    } else if (this.#step >= undisturbedSteps) {
      if (this.#step === undisturbedSteps) this.#means.signal();
      this.#means.ask();
    }
  }
}
