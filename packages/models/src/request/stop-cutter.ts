/** What {@link StopCutter} lets through of a piece of text. */
export interface CutText {
  text: string;
  /** The stop string that ended the text. */
  stop?: string;
  /** Whether the piece goes on behind the stop string. */
  goesOn?: boolean;
}

/**
 * Ends a streamed text before the first stop string, also one that comes in several pieces. A
 * text's end that may be the beginning of a stop string is held back. The string that is complete
 * first wins, so how the text is cut into pieces does not matter.
 */
export class StopCutter {
  readonly #stops: readonly string[];
  #held = "";

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== "");
  }

  /** Takes the next piece. To be called no more once it returned a `stop`. */
  push(piece: string): CutText {
    const text = this.#held + piece;
    const match = this.#firstMatch(text);
    if (match) {
      this.#held = "";
      const { start, stop } = match;
      return { text: text.slice(0, start), stop, goesOn: start + stop.length < text.length };
    }
    const keep = this.#openLength(text);
    this.#held = text.slice(text.length - keep);
    return { text: text.slice(0, text.length - keep) };
  }

  /** Gives back what was held, because no more text follows directly. */
  flush(): string {
    const held = this.#held;
    this.#held = "";
    return held;
  }

  #firstMatch(text: string): { start: number; stop: string } | undefined {
    let first: { start: number; stop: string } | undefined;
    for (const stop of this.#stops) {
      const start = text.indexOf(stop);
      if (start < 0) continue;
      const lead = first ? first.start + first.stop.length - (start + stop.length) : 1;
      if (lead > 0 || (lead === 0 && first && start < first.start)) first = { start, stop };
    }
    return first;
  }

  /** How many characters at the end begin a stop string. */
  #openLength(text: string): number {
    let longest = 0;
    for (const stop of this.#stops) {
      for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
        if (text.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
