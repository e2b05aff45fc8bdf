import type { Token } from "node-llama-cpp";

/** Makes text of tokens; the tokens before them decide about spaces. */
export type Detokenize = (tokens: readonly Token[], tokensBefore: readonly Token[]) => string;

const replacementCharacter = "\ufffd";
/** A character has at most four bytes, and a token at least one. */
const mostTokensOfACharacter = 4;
const keptTokens = 8;

/** Turns tokens into text one by one, and holds back the ones that end inside a character. */
export class TokenText {
  readonly #detokenize: Detokenize;
  #pending: Token[] = [];
  #before: readonly Token[];

  constructor(detokenize: Detokenize, tokensBefore: readonly Token[]) {
    this.#detokenize = detokenize;
    this.#before = tokensBefore.slice(-keptTokens);
  }

  push(token: Token): string {
    this.#pending.push(token);
    const text = this.#text();
    const open = text.endsWith(replacementCharacter);
    if (open && this.#pending.length < mostTokensOfACharacter) return "";
    this.#before = [...this.#before, ...this.#pending].slice(-keptTokens);
    this.#pending = [];
    return text;
  }

  /** The text of what was held back, because nothing follows. */
  flush(): string {
    const text = this.#text();
    this.#pending = [];
    return text;
  }

  #text(): string {
    return this.#pending.length === 0 ? "" : this.#detokenize(this.#pending, this.#before);
  }
}
