import type { JsonValue } from "../json.js";

/** A value read from the middle of a text. */
export interface LenientJson {
  value: JsonValue;
  /** Where the value ends in the text. */
  end: number;
  /** Whether nothing had to be added at the end of the text to complete it. */
  isComplete: boolean;
}

/**
 * Reads one JSON value as models write them: also with single quotes, Python's `True`, `False`
 * and `None`, trailing commas, bare keys, line breaks in strings, and brackets left open at the
 * end of the text. `undefined` when there is none at `start`.
 */
export function parseLenientJson(text: string, start: number): LenientJson | undefined {
  const reader = new LenientReader(text, start);
  const value = reader.read(0);
  if (value === undefined) return undefined;
  return { value, end: reader.position, isComplete: reader.isComplete };
}

const maximumDepth = 200;
const words: Readonly<Record<string, JsonValue>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  null: null,
  None: null,
};
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

class LenientReader {
  position: number;
  isComplete = true;
  readonly #text: string;

  constructor(text: string, start: number) {
    this.#text = text;
    this.position = start;
  }

  read(depth: number): JsonValue | undefined {
    if (depth > maximumDepth) return undefined;
    this.#skipSpace();
    const first = this.#text.charAt(this.position);
    if (first === "{") return this.#readObject(depth);
    if (first === "[") return this.#readArray(depth);
    if (first === '"' || first === "'") return this.#readString(first);
    return this.#readWord();
  }

  #readObject(depth: number): JsonValue | undefined {
    const entries: [string, JsonValue][] = [];
    this.position += 1;
    while (!this.#takeEnd("}")) {
      const key = this.#readKey();
      if (key === undefined || !this.#take(":")) return undefined;
      const value = this.read(depth + 1);
      if (value === undefined) return undefined;
      entries.push([key, value]);
      if (!this.#take(",") && !this.#isAt("}")) return undefined;
    }
    // Unlike assignment, this makes an own property of "__proto__" too.
    return Object.fromEntries(entries);
  }

  #readArray(depth: number): JsonValue | undefined {
    const items: JsonValue[] = [];
    this.position += 1;
    while (!this.#takeEnd("]")) {
      const item = this.read(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      if (!this.#take(",") && !this.#isAt("]")) return undefined;
    }
    return items;
  }

  #readKey(): string | undefined {
    this.#skipSpace();
    const first = this.#text.charAt(this.position);
    if (first === '"' || first === "'") return this.#readString(first);
    return this.#match(/[A-Za-z_]\w*/y);
  }

  #readString(quote: string): string {
    let value = "";
    this.position += 1;
    const plain = quote === '"' ? /[^"\\]+/y : /[^'\\]+/y;
    for (;;) {
      value += this.#match(plain) ?? "";
      const next = this.#text.charAt(this.position);
      if (next === "") {
        this.isComplete = false;
        return value;
      }
      this.position += 1;
      if (next === quote) return value;
      value += this.#readEscape();
    }
  }

  #readEscape(): string {
    const code = this.#match(/u[0-9a-fA-F]{4}/y);
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const name = this.#text.charAt(this.position);
    this.position += 1;
    return escapes[name] ?? name;
  }

  #readWord(): JsonValue | undefined {
    const number = this.#match(/-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/y);
    if (number !== undefined) return Number(number);
    const word = this.#match(/[A-Za-z]+\b/y);
    return word === undefined ? undefined : words[word];
  }

  #skipSpace(): void {
    this.#match(/\s+/y);
  }

  #isAt(character: string): boolean {
    this.#skipSpace();
    return this.position >= this.#text.length || this.#text.charAt(this.position) === character;
  }

  #take(character: string): boolean {
    this.#skipSpace();
    if (this.#text.charAt(this.position) !== character) return false;
    this.position += 1;
    return true;
  }

  /** Takes a closing bracket, or the end of the text in its place. */
  #takeEnd(bracket: string): boolean {
    if (this.#take(bracket)) return true;
    if (this.position < this.#text.length) return false;
    this.isComplete = false;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.#text)?.[0];
    if (match !== undefined) this.position += match.length;
    return match;
  }
}
