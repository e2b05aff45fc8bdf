// oxlint-disable-next-line import/default -- the loader of programs gives it one.
import workerProgram from "./node-worker.ts?program";
// oxlint-disable-next-line import/default -- as above.
import childProgram from "./node-child.ts?program";

/** The text of the program for worker threads. */
export const nodeWorkerProgram: string = workerProgram;

/** The text of the program for child processes. */
export const nodeChildProgram: string = childProgram;
