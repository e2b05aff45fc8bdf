import type { Members } from "./kernel-message.js";

/** A numbered message of the runtime: something that was put out. */
export interface NumberedOutput {
  number: number;
  /** Bytes that were left out before it. */
  lost: number;
  type: string;
  content: Members;
}

/**
 * Puts output into its order by its numbers. What is missing shows by a gap; it is asked for, and
 * what came after it waits.
 */
export class OrderedOutput {
  readonly #take: (output: NumberedOutput) => void;
  readonly #askForMissing: () => void;
  readonly #early = new Map<number, NumberedOutput>();
  readonly #waiting = new Set<{ number: number; resolve: () => void }>();
  #last = 0;

  constructor(take: (output: NumberedOutput) => void, askForMissing: () => void) {
    this.#take = take;
    this.#askForMissing = askForMissing;
  }

  /** The number up to which nothing is missing. */
  get last(): number {
    return this.#last;
  }

  /** Takes what came, in whatever order, once or again. */
  add(output: NumberedOutput): void {
    if (output.number <= this.#last) return;
    this.#early.set(output.number, output);
    this.#advance();
    if (this.#early.size === 1) this.#askForMissing();
  }

  /** What is missing up to `number` cannot be had; returns whether something was. */
  skipTo(number: number): boolean {
    const wasMissing = this.#last < number;
    const early = [...this.#early.values()].sort((a, b) => a.number - b.number);
    for (const output of early) {
      if (output.number > number) break;
      this.#early.delete(output.number);
      this.#take(output);
    }
    this.#last = Math.max(this.#last, number);
    this.#advance();
    return wasMissing;
  }

  /** Takes the missing pieces as they were asked for; what is still missing then is gone. */
  fill(outputs: readonly NumberedOutput[]): boolean {
    for (const output of outputs) {
      if (output.number > this.#last) this.#early.set(output.number, output);
    }
    this.#advance();
    if (this.#early.size === 0) return false;
    return this.skipTo(Math.max(...this.#early.keys()));
  }

  /** Resolves when everything up to `number` was taken, or after a while in any case. */
  async reached(number: number, limitMs: number): Promise<void> {
    if (this.#last >= number) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => waiter.resolve(), limitMs);
      const waiter = {
        number,
        resolve: () => {
          clearTimeout(timer);
          this.#waiting.delete(waiter);
          resolve();
        },
      };
      this.#waiting.add(waiter);
    });
  }

  /** Lets go of everything that waits. */
  close(): void {
    this.#early.clear();
    for (const waiter of this.#waiting) waiter.resolve();
  }

  #advance(): void {
    for (;;) {
      const next = this.#early.get(this.#last + 1);
      if (next === undefined) break;
      this.#early.delete(next.number);
      this.#last = next.number;
      this.#take(next);
    }
    for (const waiter of this.#waiting) if (waiter.number <= this.#last) waiter.resolve();
  }
}
