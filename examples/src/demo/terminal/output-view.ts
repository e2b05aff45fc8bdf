import type { Output } from "@codeact/core";
import type { Screen } from "./screen.js";
import { clip, wrapLine } from "./wrap.js";

const mostLines = 20;

/** Prints what a running cell puts out, in whole lines and not too many of them. */
export class OutputView {
  readonly #screen: Screen;
  #unfinished = "";
  #lines = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  push(output: Output): void {
    if (output.type === "text") {
      const lines = (this.#unfinished + output.text).split("\n");
      this.#unfinished = lines.pop() ?? "";
      for (const line of lines) this.#line(line);
      return;
    }
    this.flush();
    const text = output.data["text/plain"];
    const shown = typeof text === "string" ? text : `[${Object.keys(output.data).join(", ")}]`;
    for (const line of shown.split("\n")) this.#line(line);
  }

  /** Prints a line that has no end yet. */
  flush(): void {
    if (this.#unfinished !== "") this.#line(this.#unfinished);
    this.#unfinished = "";
  }

  end(): void {
    this.flush();
    const hidden = this.#lines - mostLines;
    if (hidden > 0) this.#screen.print(this.#screen.palette.dim(`     │ … ${hidden} more lines`));
  }

  #line(line: string): void {
    const { dim } = this.#screen.palette;
    const width = this.#screen.width - 7;
    for (const part of wrapLine(line, width, "  ")) {
      this.#lines += 1;
      if (this.#lines <= mostLines) this.#screen.print(`${dim("     │")} ${clip(part, width)}`);
    }
  }
}
