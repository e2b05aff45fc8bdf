import { closingTagSource } from "./message-tags.js";
import type { Span } from "./reasoning.js";

/** Every closing `</execute>` of a text, also those in strings and comments. */
export class ClosingTags {
  readonly #text: string;
  readonly #all: readonly Span[];
  /** Those with nothing behind them on their line. */
  readonly #lineEnds: readonly Span[];
  #newline = -1;

  constructor(text: string) {
    this.#text = text;
    const pattern = new RegExp(closingTagSource, "gi");
    this.#all = Array.from(text.matchAll(pattern), ({ index, 0: tag }) => ({
      start: index,
      end: index + tag.length,
    }));
    this.#lineEnds = this.#all.filter(({ end }) => endsLine(text, end));
  }

  /** The last tag in the range that may end a block although a string or comment holds it. */
  lastPlausible(from: number, to: number): Span | undefined {
    const last = this.#lineEnds[countBefore(this.#lineEnds, to) - 1];
    return last !== undefined && last.start >= from ? last : undefined;
  }

  /** Whether a tag follows on the line of `from`. To be asked for ascending positions. */
  isOnLine(from: number): boolean {
    const next = this.#all[countBefore(this.#all, from)];
    if (next === undefined) return false;
    // Remembered: many opening tags may stand on one long line.
    if (this.#newline < from) {
      const newline = this.#text.indexOf("\n", from);
      this.#newline = newline === -1 ? this.#text.length : newline;
    }
    return next.start < this.#newline;
  }
}

function endsLine(text: string, index: number): boolean {
  const blank = /[ \t]*(?:\n|$)/y;
  blank.lastIndex = index;
  return blank.test(text);
}

/** How many of the spans, which are in order, begin before `index`. */
function countBefore(spans: readonly Span[], index: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.start ?? index) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}
