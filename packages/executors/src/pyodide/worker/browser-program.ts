// oxlint-disable-next-line import/default -- the loader of programs gives it one.
import workerProgram from "./browser-worker.ts?program";

/** The text of the program for web workers. */
export const browserWorkerProgram: string = workerProgram;
