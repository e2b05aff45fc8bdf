import type { Output } from "./output.js";

/** One line of a traceback, innermost last. Only frames of the model's own code are listed. */
export interface PythonFrame {
  /** The cell the code came from, counted from 1; absent for a workspace file. */
  cell?: number;
  /** The workspace file, where the code came from one. */
  file?: string;
  line: number;
  /** The function's name, or `<module>`. */
  function: string;
  /** The text of the line. */
  source?: string;
}

/** A Python exception, as data. */
export interface PythonError {
  /** The class name, for example `KeyError`, qualified when it is not a builtin. */
  type: string;
  /** `str(exception)`. */
  message: string;
  /** The readable traceback, trimmed to the model's own frames; ends with `type: message`. */
  traceback: string;
  frames: PythonFrame[];
}

/** How a cell ended. */
export type ExecutionStatus = "ok" | "error" | "timeout" | "interrupted" | "crashed";

/**
 * The outcome of one cell. What happened (`status`) and whether variables survived it (`state`)
 * are two facts: a cell that timed out may have kept its namespace or lost it.
 */
export interface ExecutionResult {
  /**
   * - `ok`: ran to its end, or a tool ended it (a final answer)
   * - `error`: a Python exception, in `error`
   * - `timeout`: exceeded `timeoutMs`
   * - `interrupted`: the signal or `interrupt()` ended it
   * - `crashed`: the interpreter died under it
   */
  status: ExecutionStatus;
  /** When `lost`, the next `execute` meets a fresh interpreter: no variables, no imports. */
  state: "kept" | "lost";
  /** In a few words, why the state was lost, for example `killed by SIGSEGV`. */
  lostReason?: string;
  /** The cell's number, from 1, never reused within an interpreter. */
  cell: number;
  outputs: Output[];
  error?: PythonError;
  durationMs: number;
  /** Output beyond `maxOutputBytes` that was counted and thrown away. */
  droppedBytes: number;
}
