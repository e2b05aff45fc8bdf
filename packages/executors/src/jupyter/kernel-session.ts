import type { ExecuteOptions } from "@codeact/core";
import type { CellEnd, RunningCell } from "../bridge/running-cell.js";
import type { ControlRequests } from "./control-requests.js";

/** A kernel in use: one that runs cells, one at a time. */
export interface KernelSession {
  /** Why the kernel is gone, or given up. */
  readonly lostReason: string | undefined;
  /** The directory in which the code runs, where it is known. */
  readonly workspace: string | undefined;
  /** Requests to our runtime in the kernel, where there is one. */
  readonly control: ControlRequests | undefined;
  /** Makes a cell for `run`. */
  cell(number: number, code: string, options: ExecuteOptions): RunningCell;
  run(cell: RunningCell): Promise<CellEnd>;
  /**
   * Ends the session, and its kernel if we started it; a running cell is lost for `reason`.
   * Resolves when the server has confirmed it. `workspace` tells what becomes of a temporary one.
   */
  close(reason: string, workspace: "keep" | "remove"): Promise<void>;
}

/** A loss within a cell, or between two. */
export type LostEnd = Extract<CellEnd, { type: "lost" }>;
