import type { ParentRun } from "./run-scope.js";

/** Under this key a tool's options carry what only a sub-agent's tool reads. */
export const runLink = Symbol("codeact.run-link");

/** How a sub-agent reaches the run that calls it. */
export interface RunLink {
  parent: ParentRun;
  /** Stops the clock of the calling cell; returns the function that starts it again. */
  pauseClock(): () => void;
  /** Lets the call's result wait for the sub-agent to end, also after an abort. */
  hold(work: Promise<unknown>): void;
}
