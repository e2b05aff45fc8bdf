/** How much of what comes before Python is kept for an error. */
const maxKeptBytes = 4000;

/**
 * Finds the marker that Python writes first. Before it, shells print banners, and commands their
 * progress or errors.
 */
export class GreetingParser {
  readonly #marker: Buffer;
  #before = Buffer.alloc(0);

  constructor(marker: string) {
    this.#marker = Buffer.from(marker, "latin1");
  }

  /** The end of what came before the marker. */
  get before(): string {
    return this.#before.toString("utf8");
  }

  /** Takes bytes until the marker is complete; then returns what follows it. */
  push(chunk: Buffer): Buffer | undefined {
    const bytes = Buffer.concat([this.#before, chunk]);
    const found = bytes.indexOf(this.#marker);
    const end = found === -1 ? bytes.length : found;
    this.#before = bytes.subarray(Math.max(0, end - maxKeptBytes), end);
    return found === -1 ? undefined : bytes.subarray(found + this.#marker.length);
  }
}
