import { CodeView } from "./code-view.js";
import type { Screen } from "./screen.js";
import { wrapText } from "./wrap.js";

const opening = /<execute>[^\S\n]*\n?|```(?:python|py)?[^\S\n]*\n/;
const closing = /^\s*```|<\/execute>/;
/** What may be the beginning of an opening that is not complete yet. */
const openingPrefix = /(?:<[a-z]*|`{1,3}[a-z]*)$/;

/**
 * Shows one message of the model while it streams: first the thought, wrapped; then the code,
 * highlighted. This is only a preview: which code really runs, the agent's `action` event tells.
 */
export class MessageView {
  readonly #screen: Screen;
  #code: CodeView | undefined;
  #shownCode: string[] = [];
  #unshown = "";
  #hasThought = false;
  #isParagraphOver = false;
  #isAfterCode = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  push(delta: string): void {
    if (this.#isAfterCode) return;
    this.#unshown += delta;
    if (!this.#code) this.#showThought();
    if (this.#code) this.#showCode(this.#code);
  }

  /** Ends the message. */
  end(): void {
    if (this.#isAfterCode || this.#unshown.trim() === "") return;
    const rest = this.#unshown.trimEnd();
    this.#unshown = "";
    if (this.#code) this.#showCodeLine(this.#code, rest);
    else this.#printThought(wrapText(rest, this.#screen.width));
  }

  /** Shows the code that runs, where it is not what was shown. */
  confirm(code: string): void {
    this.end();
    if (this.#shownCode.join("\n").trim() === code.trim()) return;
    const view = new CodeView(this.#screen);
    this.#screen.print("");
    for (const line of code.trim().split("\n")) view.line(line);
  }

  #showThought(): void {
    const found = opening.exec(this.#unshown);
    if (found) {
      const thought = this.#unshown.slice(0, found.index).trim();
      this.#printThought(wrapText(thought, this.#screen.width));
      this.#screen.print("");
      this.#unshown = this.#unshown.slice(found.index + found[0].length);
      this.#code = new CodeView(this.#screen);
      return;
    }
    const lines = wrapText(this.#unshown, this.#screen.width);
    this.#unshown = lines.pop() ?? "";
    this.#printThought(lines);
    this.#screen.status(this.#unshown.replace(openingPrefix, ""));
  }

  /** Prints lines, and of empty ones only those between others. */
  #printThought(lines: readonly string[]): void {
    for (const line of lines) {
      if (line.trim() === "") {
        this.#isParagraphOver = this.#hasThought;
        continue;
      }
      this.#screen.print(...(this.#isParagraphOver ? [""] : []), line);
      this.#isParagraphOver = false;
      this.#hasThought = true;
    }
  }

  #showCode(view: CodeView): void {
    const lines = this.#unshown.split("\n");
    this.#unshown = lines.pop() ?? "";
    for (const line of lines) this.#showCodeLine(view, line);
    if (!this.#isAfterCode) view.unfinished(this.#unshown.replace(openingPrefix, ""));
  }

  #showCodeLine(view: CodeView, line: string): void {
    if (this.#isAfterCode) return;
    const end = line.search(closing);
    this.#isAfterCode = end >= 0;
    const code = end < 0 ? line : line.slice(0, end);
    if (code.trim() === "" && (end >= 0 || this.#shownCode.length === 0)) return;
    this.#shownCode.push(code);
    view.line(code);
  }
}
