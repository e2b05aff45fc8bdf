import type { Readable } from "node:stream";
import type { InputSink, RuntimeLink } from "../bridge/runtime-link.js";

/** The process of a session, wherever it runs. */
export interface SessionProcess {
  /** Opens the way to its runtime, once; `nonce` is for the marks in its output. */
  openLink(nonce: string, sink: InputSink): RuntimeLink;
  /** Standard error while Python itself starts, where it is apart. */
  readonly startErrors?: Readable;
  /**
   * Settles when the process and all that it started is gone, and what it wrote is read. Tells how
   * it ended, for example `killed by SIGSEGV`.
   */
  readonly ended: Promise<string>;
  /** Whether the process is gone, while `ended` still waits for what it left behind. */
  readonly hasExited: boolean;
  /** What is enforced against the code, in words, where that is known. */
  readonly isolation?: readonly string[];
  /** Keeps the host's event loop alive, or not any more. */
  holdHost(hold: boolean): void;
  /** Sends SIGINT to the process and its children. */
  interrupt(): void;
  /** Whether code that runs reads no frames, so that only `interrupt` reaches it. */
  readonly isDeafToFrames?: boolean;
  /** Kills the process and all that it started. */
  kill(): Promise<void>;
  /** The process of a branch, which comes to life when this one forks. */
  branch?(): SessionProcess;
  /** Shows a directory to a confined process; settles with what went wrong, if something did. */
  mount?(path: string): Promise<string | undefined>;
}
