import type { Token } from "node-llama-cpp";

/** Makes text of tokens; the tokens before them decide about spaces. */
export type Detokenize = (tokens: readonly Token[], tokensBefore: readonly Token[]) => string;

/** What stands for bytes that are no character, or none yet. */
const openEnd = /\ufffd+$/;
/** A character has at most four bytes, and a token at least one. */
const mostTokensOfACharacter = 4;
const keptTokens = 8;

/** Turns tokens into text one by one, and holds back the bytes that end inside a character. */
export class TokenText {
  readonly #detokenize: Detokenize;
  /** Tokens from the last one that ended with a character. */
  #pending: Token[] = [];
  /** How much of their text was given out. */
  #given = 0;
  /** Tokens since then that completed no character. */
  #idle = 0;
  #before: readonly Token[];

  constructor(detokenize: Detokenize, tokensBefore: readonly Token[]) {
    this.#detokenize = detokenize;
    this.#before = tokensBefore.slice(-keptTokens);
  }

  push(token: Token): string {
    this.#pending.push(token);
    const text = this.#detokenize(this.#pending, this.#before);
    const whole = text.replace(openEnd, "");
    const piece = whole.slice(this.#given);
    this.#idle = piece === "" ? this.#idle + 1 : 0;
    if (whole === text || this.#idle === mostTokensOfACharacter) return this.#finish(text);
    this.#given += piece.length;
    return piece;
  }

  /** The text of what was held back, because nothing follows. */
  flush(): string {
    if (this.#pending.length === 0) return "";
    return this.#finish(this.#detokenize(this.#pending, this.#before));
  }

  #finish(text: string): string {
    const rest = text.slice(this.#given);
    this.#before = [...this.#before, ...this.#pending].slice(-keptTokens);
    this.#pending = [];
    this.#given = 0;
    this.#idle = 0;
    return rest;
  }
}
