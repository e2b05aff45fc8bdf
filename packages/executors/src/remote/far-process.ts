import type { InputSink } from "../bridge/runtime-link.js";
import { StreamLink } from "../bridge/stream-link.js";
import { runtimePayload } from "../runtime-source.js";
import type { SessionProcess } from "../python/session-process.js";
import { CarriedStream } from "./carried-stream.js";
import { settlesWithin } from "./command-process.js";
import type { ProcessFrame, RemoteLink } from "./remote-link.js";

/** How long streams may still be read after the exit. */
const drainMs = 250;
/** How long the relay may take to kill a process and say so. */
const killMs = 2000;

/** A session's process at the other end of a link. */
export class FarProcess implements SessionProcess {
  readonly channel: CarriedStream;
  readonly output: CarriedStream;
  readonly ended: Promise<string>;
  readonly #link: RemoteLink;
  #onExit!: (reason: string) => void;
  #hasExited = false;
  #release: (() => void) | undefined;

  /** Starts the process; the link must be open and have no other. */
  constructor(link: RemoteLink) {
    this.#link = link;
    this.channel = this.#stream("channel");
    this.output = this.#stream("output");
    const exited = new Promise<string>((resolve) => {
      this.#onExit = resolve;
    });
    this.ended = Promise.race([exited, link.ended]).then((reason) => this.#drain(reason));
    link.attach((frame) => this.#take(frame));
    link.send({ type: "start" });
    this.channel.write(runtimePayload("codeact_runtime.session"));
    this.holdHost(true);
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  openLink(nonce: string, sink: InputSink): StreamLink {
    return new StreamLink(this, nonce, sink);
  }

  holdHost(hold: boolean): void {
    if (!hold) this.#release?.();
    this.#release = hold ? (this.#release ?? this.#link.hold()) : undefined;
  }

  interrupt(): void {
    this.#link.send({ type: "interrupt" });
  }

  async kill(): Promise<void> {
    if (!this.#hasExited) this.#link.send({ type: "kill" });
    if (await settlesWithin(this.ended, killMs)) return;
    this.#link.break("the far side did not answer");
    await this.ended;
  }

  #stream(stream: "channel" | "output"): CarriedStream {
    return new CarriedStream({
      send: (data) => this.#link.send({ type: "channel" }, data),
      grant: (bytes) => this.#link.send({ type: "grant", stream, bytes }),
    });
  }

  #take(frame: ProcessFrame): void {
    switch (frame.type) {
      case "channel":
        this.channel.receive(frame.data);
        return;
      case "output":
        this.output.receive(frame.data);
        return;
      case "grant":
        this.channel.granted(frame.bytes);
        return;
      case "exit":
        this.#onExit(frame.reason);
    }
  }

  /** What the process still wrote came before its exit, and may yet have to be read. */
  async #drain(reason: string): Promise<string> {
    this.#hasExited = true;
    const streams = [this.channel, this.output];
    const read = streams.map(async (stream) => {
      if (stream.readableEnded) return;
      await new Promise((resolve) => {
        stream.once("end", resolve);
        stream.receive(nothing);
      });
    });
    await settlesWithin(Promise.all(read), drainMs);
    for (const stream of streams) stream.destroy();
    this.holdHost(false);
    return reason;
  }
}

const nothing = new Uint8Array();
