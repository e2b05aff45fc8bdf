import type { TextOutput } from "@codeact/core";
import type { EncodedFrame } from "./host-frame.js";
import type { RuntimeFrame } from "./runtime-frame.js";

/** Receives text and frames in their true order. */
export interface InputSink {
  text(stream: TextOutput["stream"], bytes: Uint8Array): void;
  /** @throws ProtocolError when the frame must not come now. */
  frame(frame: RuntimeFrame): void;
  /** Whether a slow consumer holds up what follows. */
  isBlocked(): boolean;
  /** Whether a cell runs; between cells no order matters. */
  isRunning(): boolean;
  /** The protocol was broken: the process must be killed. */
  onBroken(reason: string): void;
  /** No more frames can come: the process ends, or closed its end of the channel. */
  onChannelEnd(): void;
}

/** The way to a live Python and back, however it is carried. */
export interface RuntimeLink {
  send(frame: EncodedFrame): void;
  /** Goes on after something held output or frames up. */
  resume(): void;
  /** Takes no more frames; output is still read, so that the last of it is not lost. */
  stopFrames(): void;
  /** No more output comes, so that no frame waits for any. */
  finishOutput(): void;
  /** The cell is over: nothing of its output is held back. */
  finishCell(): void;
}
