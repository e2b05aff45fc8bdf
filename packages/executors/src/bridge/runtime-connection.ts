import type { Duplex, Readable } from "node:stream";
import { FrameParser } from "./frame-parser.js";
import { type EncodedFrame, encodeHostFrame, type HostFrame } from "./host-frame.js";
import { KeptOutput } from "./kept-output.js";
import { OutputMarkParser } from "./output-marks.js";
import { ProtocolError } from "./protocol-error.js";
import type { RunningCell } from "./running-cell.js";
import { type ReadyFrame, readRuntimeFrame, type RuntimeFrame } from "./runtime-frame.js";
import { refuseStrayCall } from "./tool-calls.js";

/** The streams of a live Python, however it was started. */
export interface RuntimeStreams {
  /** Carries the frames. */
  channel: Duplex;
  /** What the process writes to its standard output and standard error. */
  output: Readable;
}

/** What a connection tells its owner. */
export interface ConnectionEvents {
  onReady(frame: ReadyFrame): void;
  /** The protocol was broken: the process must be killed. */
  onBroken(reason: string): void;
  /** No more frames can come: the process ends, or closed its end of the channel. */
  onChannelEnd(): void;
}

/** What background threads write between two cells is kept for the next one, up to this. */
const maxIdleOutputBytes = 65_536;
/** Answers that Python has not read yet; above it no further frames are taken. */
const maxUnreadBytes = 16 * 1024 * 1024;

/**
 * The host's end of the runtime protocol: takes frames and output apart, keeps them in their true
 * order, and hands them to the running cell.
 */
export class RuntimeConnection {
  readonly #channel: Duplex;
  readonly #output: Readable;
  readonly #events: ConnectionEvents;
  readonly #marks: OutputMarkParser;
  #idleOutput = new KeptOutput(maxIdleOutputBytes);
  #cell: RunningCell | undefined;
  #isReady = false;
  #isBroken = false;
  #outputEnded = false;
  /** The highest mark seen in the output. */
  #lastMark = 0;
  /** Frames that must wait for output, oldest first. */
  #waiting: RuntimeFrame[] = [];

  constructor({ channel, output }: RuntimeStreams, nonce: string, events: ConnectionEvents) {
    this.#channel = channel;
    this.#output = output;
    this.#events = events;
    this.#marks = new OutputMarkParser(nonce, {
      text: (stream, bytes) => (this.#cell?.output ?? this.#idleOutput).addText(stream, bytes),
      mark: (mark) => {
        this.#lastMark = Math.max(this.#lastMark, mark);
      },
    });
    this.#listenToChannel();
    this.#listenToOutput();
  }

  send(frame: HostFrame): void {
    this.sendEncoded(encodeHostFrame(frame));
  }

  sendEncoded({ line, blobs }: EncodedFrame): void {
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

  /** Takes the cell away; what comes now belongs to none. */
  finish(): void {
    this.#marks.flush();
    this.#cell = undefined;
  }

  /** Forgets what was put out so far and belongs to no cell. Returns it as text. */
  takeIdleText(): string {
    const { outputs } = this.#idleOutput.finish();
    this.#idleOutput = new KeptOutput(maxIdleOutputBytes);
    return outputs.map((output) => (output.type === "text" ? output.text : "")).join("");
  }

  /** Takes no more frames; output is still read, so that the last of it is not lost. */
  stopFrames(): void {
    this.#isBroken = true;
    this.#waiting = [];
    this.resume();
  }

  /** No more output comes, so that no frame waits for any. */
  finishOutput(): void {
    this.#outputEnded = true;
    this.#takeWaiting();
  }

  /** Goes on after something held output or frames up. */
  readonly resume = (): void => {
    if (!this.#isHeldUp()) this.#output.resume();
    this.#takeWaiting();
  };

  #listenToChannel(): void {
    const parser = new FrameParser((raw) => this.#receive(readRuntimeFrame(raw)));
    this.#channel.on("data", (chunk: Buffer) => {
      if (!this.#isBroken) this.#guard(() => parser.push(chunk));
    });
    this.#channel.on("drain", this.resume);
    this.#channel.on("end", () => this.#events.onChannelEnd());
    // The end of the stream or of the process follows, and says what there is to say.
    this.#channel.on("error", ignore);
  }

  #listenToOutput(): void {
    this.#output.on("data", (chunk: Buffer) => {
      this.#marks.push(chunk);
      if (this.#isHeldUp()) this.#output.pause();
      if (this.#waiting.length > 0) this.#takeWaiting();
    });
    this.#output.on("end", () => this.finishOutput());
    this.#output.on("error", ignore);
  }

  #isHeldUp(): boolean {
    return this.#cell?.output.isBlocked === true;
  }

  #receive(frame: RuntimeFrame): void {
    if (this.#waiting.length === 0 && this.#mayTakeEffect(frame)) {
      this.#take(frame);
      return;
    }
    this.#waiting.push(frame);
    this.#channel.pause();
  }

  #takeWaiting(): void {
    let taken = 0;
    this.#guard(() => {
      for (const frame of this.#waiting) {
        if (!this.#mayTakeEffect(frame)) break;
        taken++;
        this.#take(frame);
      }
    });
    if (taken > 0) this.#waiting = this.#waiting.slice(taken);
    if (this.#waiting.length === 0) this.#channel.resume();
  }

  /** Whether everything that the process put out before the frame has been delivered. */
  #mayTakeEffect(frame: RuntimeFrame): boolean {
    if (this.#isHeldUp() || this.#channel.writableLength > maxUnreadBytes) return false;
    if (this.#outputEnded) return true;
    if ("mark" in frame && frame.mark !== undefined && frame.mark > this.#lastMark) return false;
    return this.#output.readableLength === 0;
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
      case "display": {
        const { source, data, size } = frame;
        const output = { type: "display", source, data } as const;
        (cell?.output ?? this.#idleOutput).addDisplay(output, size);
        if (this.#isHeldUp()) this.#output.pause();
        return;
      }
      case "done":
        if (cell?.number !== frame.cell) {
          throw new ProtocolError("the runtime ended a cell that was not running");
        }
        this.finish();
        cell.end({ type: "done", done: frame });
        return;
      case "fault":
        throw new ProtocolError(`the Python runtime failed: ${frame.message.slice(0, 2000)}`);
    }
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.stopFrames();
      this.#events.onBroken(error.message);
    }
  }
}

function ignore(): void {}
