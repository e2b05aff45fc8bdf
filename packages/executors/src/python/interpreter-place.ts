import type { InterpreterCapabilities, WorkspaceFiles } from "@codeact/core";
import type { PythonSession } from "./python-session.js";

/** Where the processes of an interpreter run: they come and go, its files stay. */
export interface InterpreterPlace {
  /** What interpreters can do here; without it, what a local process can. */
  readonly capabilities?: InterpreterCapabilities;
  /**
   * Starts a process and waits until it is ready.
   * @throws CodeActError with code `executor-start`, or `signal.reason` when aborted.
   */
  startSession(signal: AbortSignal): Promise<PythonSession>;
  /** The files of the workspace; after `closed` has aborted nothing works any more. */
  openFiles(closed: AbortSignal): WorkspaceFiles;
  /**
   * Forks an idle session with its workspace and waits until the branch is ready.
   * @throws CodeActError with code `fork`, or `signal.reason` when aborted.
   */
  readonly fork?: (
    session: PythonSession,
    workspace: "copy" | "share",
    signal: AbortSignal,
  ) => Promise<PlacedSession>;
  /** Leaves nothing behind. */
  dispose(): Promise<void>;
}

/** A session, and where the ones after it will be. */
export interface PlacedSession {
  session: PythonSession;
  place: InterpreterPlace;
}
