import { stderr } from "node:process";
import type { DownloadProgress } from "./download.js";

/** What a bar is drawn on. */
export interface Terminal {
  isTTY?: boolean;
  write(text: string): unknown;
}

const barWidth = 24;
const megabyte = 1_000_000;

/** A line on a terminal that shows how far a download is; nothing where there is no terminal. */
export class ProgressBar {
  readonly #name: string;
  readonly #terminal: Terminal;
  #line = "";

  constructor(name: string, terminal: Terminal = stderr) {
    this.#name = name;
    this.#terminal = terminal;
  }

  readonly show = ({ receivedBytes, totalBytes }: DownloadProgress): void => {
    if (!this.#terminal.isTTY) return;
    const line = `Downloading ${this.#name} ${amount(receivedBytes, totalBytes)}`;
    // Chunks are small: most of them change nothing that can be seen.
    if (line === this.#line) return;
    this.#line = line;
    this.#terminal.write(`\r${line}`);
  };

  /** Ends the line, so that what is written next has one of its own. */
  end(): void {
    if (this.#line !== "") this.#terminal.write("\n");
    this.#line = "";
  }
}

function amount(receivedBytes: number, totalBytes: number | undefined): string {
  const received = Math.floor(receivedBytes / megabyte);
  if (totalBytes === undefined || totalBytes === 0) return `${received} MB`;
  const share = Math.min(1, receivedBytes / totalBytes);
  const filled = Math.floor(share * barWidth);
  const bar = "#".repeat(filled) + ".".repeat(barWidth - filled);
  const total = Math.ceil(totalBytes / megabyte);
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)} % of ${total} MB`;
}
