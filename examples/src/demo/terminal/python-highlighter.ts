import type { Palette, Style } from "./palette.js";

const prefix = String.raw`(?:\b[rRbBuUfF]{1,2})?`;
const keywords =
  "and as assert async await break class continue def del elif else except finally for from global " +
  "if import in is lambda nonlocal not or pass raise return try while with yield";
const token = new RegExp(
  [
    String.raw`(?<comment>#.*)`,
    String.raw`(?<tripleQuote>${prefix}(?:"""|'''))`,
    String.raw`(?<string>${prefix}(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))`,
    String.raw`(?<number>\b\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?\b)`,
    String.raw`(?<keyword>\b(?:${keywords.replaceAll(" ", "|")})\b)`,
    String.raw`(?<constant>\b(?:True|False|None)\b)`,
    String.raw`(?<call>\b[A-Za-z_]\w*)(?=\()`,
  ].join("|"),
  "g",
);

/** Highlights Python line by line, and remembers a triple-quoted string that is still open. */
export class PythonHighlighter {
  readonly #styles: Record<string, Style>;
  #openQuote: string | undefined;

  constructor({ dim, green, yellow, magenta, cyan }: Palette) {
    this.#styles = {
      comment: dim,
      tripleQuote: green,
      string: green,
      number: yellow,
      keyword: magenta,
      constant: yellow,
      call: cyan,
    };
  }

  line(source: string): string {
    let highlighted = "";
    let rest = source;
    while (rest !== "") {
      const [done, left] = this.#openQuote ? this.#string(rest, this.#openQuote) : this.#code(rest);
      highlighted += done;
      rest = left;
    }
    return highlighted;
  }

  /** Highlights up to where the open string ends; the second item is what follows. */
  #string(source: string, quote: string): [highlighted: string, rest: string] {
    const at = source.indexOf(quote);
    if (at < 0) return [this.#style("string", source), ""];
    this.#openQuote = undefined;
    const end = at + quote.length;
    return [this.#style("string", source.slice(0, end)), source.slice(end)];
  }

  /** Highlights up to where a triple-quoted string begins; the second item is what follows. */
  #code(source: string): [highlighted: string, rest: string] {
    let highlighted = "";
    let position = 0;
    for (const match of source.matchAll(token)) {
      const [name, text] = Object.entries(match.groups ?? {}).find(([, found]) => found) ?? [];
      if (!name || !text) continue;
      highlighted += source.slice(position, match.index) + this.#style(name, text);
      position = match.index + text.length;
      if (name === "tripleQuote") {
        this.#openQuote = text.slice(-3);
        return [highlighted, source.slice(position)];
      }
    }
    return [highlighted + source.slice(position), ""];
  }

  #style(name: string, text: string): string {
    return this.#styles[name]?.(text) ?? text;
  }
}
