import type { PythonError } from "../../executor/execution-result.js";

/**
 * Thrown by the handler of a `FakeExecutor` cell to end the cell with a Python exception. Calls of
 * host tools that fail throw it too.
 */
export class FakePythonError extends Error {
  override readonly name = "FakePythonError";
  /** The class of the Python exception, for example `KeyError`. */
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** What a cell that was stopped raises in its handler. */
export function keyboardInterrupt(): FakePythonError {
  return new FakePythonError("KeyboardInterrupt", "");
}

/** The exception as a result carries it, as if the first line of the cell had raised it. */
export function pythonError(error: FakePythonError, cell: number, code: string): PythonError {
  const source = code.split("\n", 1)[0] ?? "";
  const lastLine = error.message ? `${error.type}: ${error.message}` : error.type;
  return {
    type: error.type,
    message: error.message,
    traceback: `Traceback (most recent call last):\n  Cell ${cell}, line 1\n    ${source}\n${lastLine}`,
    frames: [{ cell, line: 1, function: "<module>", source }],
  };
}
