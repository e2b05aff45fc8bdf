import type { Duplex, Readable } from "node:stream";
import { FrameParser } from "./frame-parser.js";
import { OutputMarkParser } from "./output-marks.js";
import { ProtocolError } from "./protocol-error.js";
import { readRuntimeFrame, type RuntimeFrame } from "./runtime-frame.js";
import type { InputSink } from "./runtime-link.js";

/** The streams of a live Python, however it was started. */
export interface RuntimeStreams {
  /** Carries the frames. */
  readonly channel: Duplex;
  /** What the process writes to its standard output and standard error. */
  readonly output: Readable;
}

/** Answers that Python has not read yet; above it no further frames are taken. */
const maxUnreadBytes = 16 * 1024 * 1024;

/**
 * Joins the two streams of a process: frames come by the channel and text by the output pipe, and
 * marks in the text say where a frame belongs. What must wait is bounded: the stream that brings
 * it is paused.
 */
export class OrderedInput {
  readonly #channel: Duplex;
  readonly #output: Readable;
  readonly #sink: InputSink;
  readonly #marks: OutputMarkParser;
  /** The highest mark met in the output. */
  #lastMark = 0;
  /** The highest mark that a frame has named. */
  #lastNamedMark = 0;
  /** Frames that must wait for output, oldest first. */
  #waiting: RuntimeFrame[] = [];
  /** The end of the running cell has come; no mark of its output waits for a frame any more. */
  #isEnding = false;
  /** Text behind the mark at hand is still to come. */
  #isParsing = false;
  #outputEnded = false;
  #isBroken = false;

  constructor({ channel, output }: RuntimeStreams, nonce: string, sink: InputSink) {
    this.#channel = channel;
    this.#output = output;
    this.#sink = sink;
    this.#marks = new OutputMarkParser(nonce, {
      text: (stream, bytes) => sink.text(stream, bytes),
      mark: (mark) => this.#meetMark(mark),
    });
    this.#listenToChannel();
    this.#listenToOutput();
  }

  /** Goes on after something held output or frames up. */
  readonly resume = (): void => {
    this.#continueOutput();
    this.#takeWaiting();
  };

  /** Takes no more frames; output is still read, so that the last of it is not lost. */
  stopFrames(): void {
    this.#isBroken = true;
    this.#waiting = [];
    this.resume();
  }

  /** No more output comes, so that no frame waits for any. */
  finishOutput(): void {
    this.#outputEnded = true;
    this.resume();
  }

  /** The cell is over: nothing of its output is held back. */
  finishCell(): void {
    this.#isEnding = false;
    this.#marks.flush();
  }

  #listenToChannel(): void {
    const parser = new FrameParser((raw) => this.#receive(readRuntimeFrame(raw)));
    this.#channel.on("data", (chunk: Buffer) => {
      if (!this.#isBroken) this.#guard(() => parser.push(chunk));
    });
    this.#channel.on("drain", this.resume);
    this.#channel.on("end", () => this.#sink.onChannelEnd());
    // The end of the stream or of the process follows, and says what there is to say.
    this.#channel.on("error", ignore);
  }

  #listenToOutput(): void {
    this.#output.on("data", (chunk: Buffer) => {
      this.#parse(() => this.#marks.push(chunk));
      if (this.#isOutputHeld()) this.#output.pause();
      if (this.#waiting.length > 0) this.#takeWaiting();
    });
    this.#output.on("end", () => this.finishOutput());
    this.#output.on("error", ignore);
  }

  #parse(action: () => void): void {
    this.#isParsing = true;
    action();
    this.#isParsing = false;
  }

  #isOutputHeld(): boolean {
    return this.#marks.isWaiting || this.#sink.isBlocked();
  }

  /** Takes the frames that belong before what follows a mark. Returns whether to go on. */
  #meetMark(mark: number): boolean {
    this.#lastMark = Math.max(this.#lastMark, mark);
    if (this.#waiting.length > 0) this.#takeWaiting();
    return !this.#waitsForFrame(mark);
  }

  #waitsForFrame(mark: number): boolean {
    if (this.#isEnding || this.#outputEnded || this.#isBroken) return false;
    return mark > this.#lastNamedMark && this.#sink.isRunning();
  }

  #receive(frame: RuntimeFrame): void {
    if (this.#isBroken) return;
    const mark = markOf(frame);
    // A mark that holds output up has no frame if the next one names another, or none.
    const heldMark = this.#marks.isWaiting ? this.#lastMark : 0;
    this.#lastNamedMark = Math.max(this.#lastNamedMark, mark, heldMark);
    if (frame.type === "done") this.#isEnding = true;
    if (this.#waiting.length === 0 && !this.#marks.isWaiting && this.#mayTakeEffect(frame)) {
      this.#sink.frame(frame);
    } else {
      this.#waiting.push(frame);
      // A frame whose mark was met goes before what that mark holds up, any other after it.
      if (mark > 0 && mark <= this.#lastMark && !this.#isEnding) this.#takeWaiting();
      this.#continueOutput();
      this.#takeWaiting();
    }
    if (this.#waiting.length > 0 || this.#sink.isBlocked()) this.#channel.pause();
  }

  #continueOutput(): void {
    if (this.#marks.isWaiting && !this.#waitsForFrame(this.#lastMark)) {
      this.#parse(() => this.#marks.resume());
    }
    if (this.#output.isPaused() && !this.#isOutputHeld()) this.#output.resume();
  }

  #takeWaiting(): void {
    this.#guard(() => {
      for (;;) {
        const [frame] = this.#waiting;
        if (frame === undefined || !this.#mayTakeEffect(frame)) break;
        this.#waiting.shift();
        this.#sink.frame(frame);
      }
    });
    const isFree = this.#waiting.length === 0 && !this.#sink.isBlocked();
    if (isFree && this.#channel.isPaused()) this.#channel.resume();
  }

  /** Whether everything that the process put out before the frame has been delivered. */
  #mayTakeEffect(frame: RuntimeFrame): boolean {
    // A display queues behind the text that a slow consumer has not taken; all else must not.
    if (frame.type !== "display" && this.#sink.isBlocked()) return false;
    if (this.#channel.writableLength > maxUnreadBytes) return false;
    // The end of a cell is behind all of its text, whatever a forged mark says.
    if (this.#isParsing && frame.type === "done") return false;
    if (this.#outputEnded) return true;
    const mark = markOf(frame);
    if (mark > 0) return mark <= this.#lastMark;
    return !this.#isParsing && (this.#output.readableLength === 0 || this.#marks.isWaiting);
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.stopFrames();
      this.#sink.onBroken(error.message);
    }
  }
}

function markOf(frame: RuntimeFrame): number {
  return "mark" in frame ? frame.mark : 0;
}

function ignore(): void {}
