import type { Output, TextOutput } from "@codeact/core";

type OnOutput = (output: Output) => void | Promise<void>;

/** What an {@link OutputDelivery} tells its owner. */
export interface DeliveryEvents {
  /** A promise of the handler settled and nothing is left to deliver. */
  onDrained(): void;
  /** The handler threw or rejected; nothing more is delivered to it. */
  onFault(error: unknown): void;
}

/**
 * Hands output to `onOutput` while a cell runs, one piece at a time: while a promise of the
 * handler is pending, what comes is joined and waits.
 */
export class OutputDelivery {
  readonly #onOutput: OnOutput;
  readonly #events: DeliveryEvents;
  /** One is enough for both streams: it is flushed when the stream changes. */
  #decoder: TextDecoder | undefined;
  #stream: TextOutput["stream"] = "stdout";
  #remainingBytes: number;
  #pending: Output[] = [];
  #waiting = false;
  #abandoned = false;
  #closed = false;
  #whenDrained: (() => void) | undefined;

  constructor(onOutput: OnOutput, limitBytes: number, events: DeliveryEvents) {
    this.#onOutput = onOutput;
    this.#remainingBytes = limitBytes;
    this.#events = events;
  }

  /** Whether the handler still works on something; more output should be held back. */
  get isBusy(): boolean {
    return this.#waiting;
  }

  addText(stream: TextOutput["stream"], bytes: Uint8Array): void {
    if (stream !== this.#stream) this.#flushDecoder();
    this.#stream = stream;
    const taken = bytes.subarray(0, this.#remainingBytes);
    this.#remainingBytes -= taken.length;
    this.#decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
    this.#addDecoded(this.#decoder.decode(taken, { stream: true }));
    this.#deliver();
  }

  addDisplay(output: Output, size: number): void {
    this.#flushDecoder();
    if (size > this.#remainingBytes) this.#remainingBytes = 0;
    else {
      this.#remainingBytes -= size;
      this.#pending.push(output);
    }
    this.#deliver();
  }

  /** Delivers what is left of the text. Resolves when the handler is done with everything. */
  async finish(): Promise<void> {
    this.#flushDecoder();
    this.#deliver();
    if (!this.#waiting || this.#closed || this.#abandoned) return;
    await new Promise<void>((resolve) => {
      this.#whenDrained = resolve;
    });
  }

  /** Makes `finish()` wait for nothing. */
  abandon(): void {
    this.#abandoned = true;
    this.#whenDrained?.();
  }

  /** Delivers nothing more and waits for nothing more. */
  close(): void {
    this.#closed = true;
    this.#pending = [];
    this.#whenDrained?.();
  }

  #flushDecoder(): void {
    if (this.#decoder !== undefined) this.#addDecoded(this.#decoder.decode());
  }

  #addDecoded(text: string): void {
    if (text === "") return;
    const last = this.#pending.at(-1);
    const stream = this.#stream;
    if (last?.type === "text" && last.stream === stream) last.text += text;
    else this.#pending.push({ type: "text", stream, text });
  }

  #deliver(): void {
    while (!this.#waiting && !this.#closed) {
      const output = this.#pending.shift();
      if (output === undefined) return;
      try {
        const settled = this.#onOutput(output);
        if (settled !== undefined) this.#wait(settled);
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  #wait(settled: Promise<void>): void {
    this.#waiting = true;
    settled.then(
      () => {
        this.#waiting = false;
        this.#deliver();
        if (this.#waiting) return;
        this.#whenDrained?.();
        this.#events.onDrained();
      },
      (error: unknown) => {
        this.#waiting = false;
        this.#fail(error);
        this.#events.onDrained();
      },
    );
  }

  #fail(error: unknown): void {
    // After the end of its cell a handler has nobody left to report to.
    if (!this.#closed) this.#events.onFault(error);
    this.close();
  }
}
