import type { EncodedFrame } from "./host-frame.js";
import { OrderedInput, type RuntimeStreams } from "./ordered-input.js";
import type { InputSink, RuntimeLink } from "./runtime-link.js";

/** The way to a Python process: frames go and come by a channel, output comes by a pipe. */
export class StreamLink extends OrderedInput implements RuntimeLink {
  readonly #channel: RuntimeStreams["channel"];

  constructor(streams: RuntimeStreams, nonce: string, sink: InputSink) {
    super(streams, nonce, sink);
    this.#channel = streams.channel;
  }

  send({ line, blobs }: EncodedFrame): void {
    if (!this.#channel.writable) return;
    if (blobs.length === 0) {
      this.#channel.write(line);
      return;
    }
    this.#channel.cork();
    this.#channel.write(line);
    for (const blob of blobs) this.#channel.write(blob);
    this.#channel.uncork();
  }
}
