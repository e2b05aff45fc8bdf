// oxlint-disable-next-line import/default -- the loader of programs gives it one.
import program from "./node-worker.ts?program";

/** The text of the program for worker threads. */
export const nodeWorkerProgram: string = program;
