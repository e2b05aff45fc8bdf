import { clip } from "./wrap.js";
import { createPalette, type Palette, wantsColours } from "./palette.js";

const narrowest = 40;
const widest = 110;

/** The part of a terminal's stream that is needed. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What the demo prints on: a stream with its width and colours, and one transient status line. */
export class Screen {
  readonly palette: Palette;
  readonly #stream: TextStream;
  #status = "";

  constructor(stream: TextStream = process.stdout) {
    this.#stream = stream;
    this.palette = createPalette(wantsColours(stream));
  }

  /** Whether somebody watches. */
  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  /** Columns to fill; follows the terminal when it is resized. */
  get width(): number {
    return Math.min(Math.max(this.#stream.columns ?? 80, narrowest), widest);
  }

  print(...lines: readonly string[]): void {
    this.status("");
    for (const line of lines) this.#stream.write(`${line}\n`);
  }

  /** Shows a line that the next one replaces: what is unfinished or waited for. */
  status(text: string): void {
    if (!this.isTerminal || text === this.#status) return;
    this.#status = text;
    this.#stream.write(`\r\u001b[K${this.palette.dim(clip(text, this.width - 1))}`);
  }

  /** A heading across the width. */
  rule(title: string): void {
    const { dim, bold } = this.palette;
    const line = "─".repeat(Math.max(0, this.width - title.length - 4));
    this.print("", `${dim("──")} ${bold(title)} ${dim(line)}`);
  }
}
