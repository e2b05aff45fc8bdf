import { type EncodedFrame, encodeHostFrame, type HostFrame } from "./host-frame.js";
import { KeptOutput } from "./kept-output.js";
import { ProtocolError } from "./protocol-error.js";
import type { RunningCell } from "./running-cell.js";
import type { DisplayFrame, ForkedFrame, ReadyFrame, RuntimeFrame } from "./runtime-frame.js";
import type { InputSink, RuntimeLink } from "./runtime-link.js";
import { refuseStrayCall } from "./tool-calls.js";

/** What a connection tells its owner. */
export interface ConnectionEvents {
  onReady(frame: ReadyFrame): void;
  /** @throws ProtocolError when nobody has asked for a fork. */
  onForked(frame: ForkedFrame): void;
  /** The protocol was broken: the process must be killed. */
  onBroken(reason: string): void;
  /** No more frames can come: the process ends, or closed its end of the channel. */
  onChannelEnd(): void;
}

/** What background threads write between two cells is kept for the next one, up to this. */
const maxIdleOutputBytes = 65_536;

/** The host's end of the runtime protocol: sends frames, and hands what comes to the running cell. */
export class RuntimeConnection {
  readonly #events: ConnectionEvents;
  readonly #link: RuntimeLink;
  #idleOutput = new KeptOutput(maxIdleOutputBytes);
  #cell: RunningCell | undefined;
  #isReady = false;

  constructor(openLink: (sink: InputSink) => RuntimeLink, events: ConnectionEvents) {
    this.#events = events;
    this.#link = openLink({
      text: (stream, bytes) => (this.#cell?.output ?? this.#idleOutput).addText(stream, bytes),
      frame: (frame) => this.#take(frame),
      isBlocked: () => this.#cell?.output.isBlocked === true,
      isRunning: () => this.#cell !== undefined,
      onBroken: (reason) => events.onBroken(reason),
      onChannelEnd: () => events.onChannelEnd(),
    });
  }

  send(frame: HostFrame): void {
    this.sendEncoded(encodeHostFrame(frame));
  }

  sendEncoded(frame: EncodedFrame): void {
    this.#link.send(frame);
  }

  /**
   * Starts a cell; frames and output go to it until it ends.
   * @throws WireValueError when the code is longer than the protocol allows.
   */
  execute(cell: RunningCell): void {
    const frame = encodeHostFrame({ type: "execute", cell: cell.number, code: cell.code });
    this.#cell = cell;
    cell.output.addEarlier(this.#idleOutput.finish());
    this.#idleOutput = new KeptOutput(maxIdleOutputBytes);
    this.sendEncoded(frame);
  }

  /** Goes on after a slow `onOutput` or a cell that was told to stop held things up. */
  readonly resume = (): void => this.#link.resume();

  /** Takes no more frames, for the process is being killed; the last of its output is still read. */
  stopFrames(): void {
    this.#link.stopFrames();
  }

  /** The process is gone. Nothing waits for anything any more. */
  finish(): void {
    this.#link.finishOutput();
    this.#link.finishCell();
    this.#cell = undefined;
  }

  /** Takes away the text that was put out and belongs to no cell. */
  takeIdleText(): string {
    const { outputs } = this.#idleOutput.finish();
    this.#idleOutput = new KeptOutput(maxIdleOutputBytes);
    return outputs.map((output) => (output.type === "text" ? output.text : "")).join("");
  }

  #take(frame: RuntimeFrame): void {
    const cell = this.#cell;
    switch (frame.type) {
      case "ready":
        if (this.#isReady) throw new ProtocolError("the runtime said twice that it is ready");
        this.#isReady = true;
        this.#events.onReady(frame);
        return;
      case "tool-call":
        if (cell?.number === frame.cell) cell.calls.dispatch(frame);
        else this.sendEncoded(refuseStrayCall(frame.id));
        return;
      case "display":
        this.#display(frame);
        return;
      case "done":
        if (cell?.number !== frame.cell) {
          throw new ProtocolError("the runtime ended a cell that was not running");
        }
        this.#link.finishCell();
        this.#cell = undefined;
        cell.end({ type: "done", done: frame });
        return;
      case "forked":
        this.#events.onForked(frame);
        return;
      case "fault":
        throw new ProtocolError(`the Python runtime failed: ${frame.message.slice(0, 2000)}`);
    }
  }

  #display({ source, data, size }: DisplayFrame): void {
    const output = this.#cell?.output ?? this.#idleOutput;
    output.addDisplay({ type: "display", source, data }, size);
  }
}
