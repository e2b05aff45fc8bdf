import type { ExecutionResult } from "@codeact/core";

/** The result of a cell that never began. */
export function notRun(cell: number): ExecutionResult {
  return {
    status: "interrupted",
    state: "kept",
    cell,
    outputs: [],
    durationMs: 0,
    droppedBytes: 0,
  };
}
