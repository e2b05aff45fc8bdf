import type { MimeBundle } from "../../executor/output.js";
import type { WireValue } from "../../executor/tool-call.js";
import type { WorkspaceFiles } from "../../executor/workspace-files.js";

/** What the handler of a fake cell works with: the Python side, in TypeScript. */
export interface FakeCell {
  /** The cell's number, from 1. */
  readonly cell: number;
  /** Aborts when the cell is interrupted or times out; its reason is a `FakePythonError`. */
  readonly signal: AbortSignal;
  /** The namespace: kept between the cells of an interpreter, empty after a lost state. */
  readonly variables: Map<string, unknown>;
  /** The workspace. */
  readonly files: WorkspaceFiles;
  /**
   * Writes a line to stdout. Await it to feel the back-pressure of `onOutput`; the order is right
   * without.
   */
  readonly print: (text: string) => Promise<void>;
  /** Writes a line to stderr. */
  readonly printError: (text: string) => Promise<void>;
  /** Displays a value; a string counts as `text/plain`. */
  readonly display: (value: string | MimeBundle) => Promise<void>;
  /**
   * Calls a host tool.
   * @throws `FakePythonError` when the call fails, or when the cell is stopped while it is pending
   */
  readonly call: (name: string, input: WireValue) => Promise<WireValue>;
  /** Waits; `Infinity` waits until the cell is stopped. Throws `signal.reason` then. */
  readonly sleep: (durationMs: number) => Promise<void>;
  /** Lets the interpreter die: the cell ends with status `crashed` and its state is lost. */
  readonly crash: (reason?: string) => never;
}

/**
 * Stands for the code of one cell. What it returns is the value of the cell's last expression
 * (nothing for `undefined` and `null`); it throws `FakePythonError` for a Python exception. A
 * handler that ignores `signal` loses the interpreter's state after the grace, as a swallowed
 * `KeyboardInterrupt` does.
 */
export type FakeCellHandler = (code: string, cell: FakeCell) => unknown;
