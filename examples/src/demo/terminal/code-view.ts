import { PythonHighlighter } from "./python-highlighter.js";
import type { Screen } from "./screen.js";

/** Prints Python with line numbers and colours, line by line. */
export class CodeView {
  readonly #screen: Screen;
  readonly #highlighter: PythonHighlighter;
  #lines = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
    this.#highlighter = new PythonHighlighter(screen.palette);
  }

  line(source: string): void {
    this.#lines += 1;
    const { dim } = this.#screen.palette;
    const gutter = dim(`${String(this.#lines).padStart(4)} │`);
    this.#screen.print(`${gutter} ${this.#highlighter.line(source)}`.trimEnd());
  }

  /** Shows a line that is still being written. */
  unfinished(source: string): void {
    this.#screen.status(`${String(this.#lines + 1).padStart(4)} │ ${source}`);
  }
}
