import type { LlamaContextSequence, Token } from "node-llama-cpp";
import { watchAbort } from "./abortable.js";

/** A conversation in a context: what is used of it here. */
export type Sequence = Pick<
  LlamaContextSequence,
  | "adaptStateToTokens"
  | "compareContextTokens"
  | "evaluate"
  | "evaluateWithoutGeneratingNewTokens"
  | "nextTokenIndex"
>;

/** A sequence that one request has for itself. */
export interface SequenceLease {
  sequence: Sequence;
  /**
   * Gives it back once `settled` has: what is being evaluated cannot be stopped in its middle.
   * Resolves when it is back.
   */
  release(settled: Promise<unknown>): Promise<void>;
}

/**
 * The sequences of a context, each a conversation that has been evaluated. A request gets the
 * free one that shares the longest beginning with it, or waits for its turn.
 */
export class SequencePool {
  readonly #free: Sequence[];
  readonly #waiting: (() => void)[] = [];
  readonly #settling = new Set<Promise<unknown>>();

  constructor(sequences: readonly Sequence[]) {
    this.#free = [...sequences];
  }

  /** @throws the signal's reason, when it aborts while waiting */
  async lease(prompt: Token[], signal: AbortSignal): Promise<SequenceLease> {
    signal.throwIfAborted();
    while (this.#free.length === 0) await this.#turn(signal);
    const sequence = this.#takeNearest(prompt);
    return { sequence, release: (settled) => this.#release(sequence, settled) };
  }

  /** Makes {@link settled} wait for an evaluation. */
  readonly watch = (evaluation: Promise<unknown>): void => {
    const done = (): void => void this.#settling.delete(evaluation);
    this.#settling.add(evaluation);
    evaluation.then(done, done);
  };

  /** Resolves when nothing is being evaluated any more. */
  async settled(): Promise<void> {
    while (this.#settling.size > 0) await Promise.allSettled(this.#settling);
  }

  #release(sequence: Sequence, settled: Promise<unknown>): Promise<void> {
    const free = (): void => {
      this.#free.push(sequence);
      this.#waiting.shift()?.();
    };
    // A failure was or will be thrown where the tokens are read; here only its end counts.
    const released = settled.then(free, free);
    this.watch(released);
    return released;
  }

  async #turn(signal: AbortSignal): Promise<void> {
    let comeNow = (): void => undefined;
    const turn = new Promise<void>((resolve) => {
      comeNow = resolve;
    });
    this.#waiting.push(comeNow);
    const abort = watchAbort(signal);
    try {
      await Promise.race([turn, abort.rejected]);
    } catch (error) {
      const place = this.#waiting.indexOf(comeNow);
      if (place >= 0) this.#waiting.splice(place, 1);
      // Called at the same moment: the next one comes in its place.
      else this.#waiting.shift()?.();
      throw error;
    } finally {
      abort.release();
    }
  }

  #takeNearest(prompt: Token[]): Sequence {
    const shared = this.#free.map((each) => each.compareContextTokens(prompt).firstDifferentIndex);
    // Among equals the one that was given back first, whose conversation is the oldest.
    const place = shared.indexOf(Math.max(...shared));
    const [sequence] = this.#free.splice(place, 1);
    if (!sequence) throw new Error("a sequence was leased that is not free");
    return sequence;
  }
}
