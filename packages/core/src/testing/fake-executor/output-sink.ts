import type { Output, TextOutput } from "../../executor/output.js";

const encoder = new TextEncoder();

/** Keeps the output of one cell up to its limit and delivers it in order. */
export class OutputSink {
  readonly outputs: Output[] = [];
  droppedBytes = 0;
  /** What `onOutput` threw, if it did. */
  failure: { error: unknown } | undefined;
  #delivered: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    private remainingBytes: number,
    private readonly onOutput: ((output: Output) => void | Promise<void>) | undefined,
    private readonly backPressure: boolean,
  ) {}

  /** Takes a piece of output; resolves when it, and all before it, was delivered. */
  push(output: Output): Promise<void> {
    if (this.#closed) return this.#delivered;
    const kept = output.type === "text" ? this.#cut(output) : this.#fit(output);
    if (kept) {
      this.#keep(kept);
      this.#delivered = this.#delivered.then(() => this.#deliver(kept));
    }
    return this.#delivered;
  }

  /** Resolves when all output was delivered. */
  drained(): Promise<void> {
    return this.#delivered;
  }

  /** Ignores whatever comes later. */
  close(): void {
    this.#closed = true;
  }

  async #deliver(output: Output): Promise<void> {
    if (this.failure || !this.onOutput) return;
    try {
      const delivery = this.onOutput({ ...output });
      if (this.backPressure) await delivery;
    } catch (error) {
      this.failure = { error };
    }
  }

  #cut(output: TextOutput): TextOutput | undefined {
    const bytes = encoder.encode(output.text);
    if (bytes.length <= this.remainingBytes) {
      this.remainingBytes -= bytes.length;
      return output;
    }
    let end = this.remainingBytes;
    // Never in the middle of a character: continuation bytes begin with the bits 10.
    while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    this.droppedBytes += bytes.length - end;
    this.remainingBytes = 0;
    if (end === 0) return undefined;
    return { ...output, text: new TextDecoder().decode(bytes.subarray(0, end)) };
  }

  #fit(output: Output): Output | undefined {
    const size = encoder.encode(JSON.stringify(output)).length;
    if (size <= this.remainingBytes) {
      this.remainingBytes -= size;
      return output;
    }
    this.droppedBytes += size;
    return undefined;
  }

  #keep(output: Output): void {
    const last = this.outputs.at(-1);
    if (last?.type === "text" && output.type === "text" && last.stream === output.stream) {
      this.outputs[this.outputs.length - 1] = { ...last, text: last.text + output.text };
    } else {
      this.outputs.push(output);
    }
  }
}
