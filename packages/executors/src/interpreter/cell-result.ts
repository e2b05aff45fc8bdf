import type { ExecutionResult } from "@codeact/core";
import type { CellEnd, RunningCell } from "../bridge/running-cell.js";

/** The result of a cell that has ended, once its output has been delivered. */
export async function cellResult(
  cell: RunningCell,
  end: CellEnd,
  durationMs: number,
): Promise<ExecutionResult> {
  // An abort from here on only ends the wait for `onOutput`.
  const { stopReason } = cell;
  const { outputs, droppedBytes } = await cell.output.finish();
  const facts = { cell: cell.number, outputs, durationMs, droppedBytes };
  if (end.type === "lost") {
    return { status: stopReason ?? "crashed", state: "lost", lostReason: end.reason, ...facts };
  }
  const { status, error } = end.done;
  return {
    status: stopReason ?? status,
    state: "kept",
    ...facts,
    ...(error === undefined ? {} : { error }),
  };
}
