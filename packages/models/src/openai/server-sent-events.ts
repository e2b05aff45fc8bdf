/** One event of a server-sent event stream. */
export interface ServerSentEvent {
  /** The `event` field; empty for an ordinary message. */
  event: string;
  /** The `data` lines, joined. */
  data: string;
}

/**
 * Takes a server-sent event stream apart. How the text is cut into pieces does not matter. An
 * event that the stream's end cuts off before its blank line still counts: some servers write
 * their last error so.
 */
export class ServerSentEventDecoder {
  #line = "";
  #event = "";
  #data: string[] = [];
  #endedByCarriageReturn = false;

  /** Takes the next piece; returns the events that it completed. */
  push(piece: string): ServerSentEvent[] {
    if (piece === "") return [];
    const text = this.#endedByCarriageReturn && piece[0] === "\n" ? piece.slice(1) : piece;
    this.#endedByCarriageReturn = text.endsWith("\r");
    const events: ServerSentEvent[] = [];
    // Only the new piece is searched, so that a line of many pieces costs no more than its length.
    const lines = text.split(/\r\n|\n|\r/);
    const rest = lines.pop() ?? "";
    for (const line of lines) {
      this.#takeLine(this.#line + line, events);
      this.#line = "";
    }
    this.#line += rest;
    return events;
  }

  /** Takes the end of the stream. */
  end(): ServerSentEvent[] {
    return this.push("\n\n");
  }

  #takeLine(line: string, events: ServerSentEvent[]): void {
    if (line === "") {
      if (this.#data.length > 0) events.push({ event: this.#event, data: this.#data.join("\n") });
      this.#event = "";
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#event = value;
  }
}

/** Reads a body's events in the batches in which they arrive; a batch may be empty. */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
  wait: <T>(promise: Promise<T>) => Promise<T>,
): AsyncGenerator<ServerSentEvent[], void, undefined> {
  const reader = body.getReader();
  const text = new TextDecoder();
  const decoder = new ServerSentEventDecoder();
  try {
    for (;;) {
      const { done, value } = await wait(reader.read());
      if (done) break;
      yield decoder.push(text.decode(value, { stream: true }));
    }
    yield [...decoder.push(text.decode()), ...decoder.end()];
  } finally {
    // Rejects only where the body has already failed, and that failure was seen above.
    reader.cancel().catch(() => {});
  }
}
