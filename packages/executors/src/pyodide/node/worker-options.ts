import type { WorkerOptions } from "node:worker_threads";

/** How every worker thread is started: with nothing of its process. */
export const workerOptions: WorkerOptions = {
  eval: true,
  env: {},
  execArgv: [],
  stdin: false,
  stdout: true,
  stderr: true,
  // Deeply nested data needs more stack than a worker has by default.
  resourceLimits: { stackSizeMb: 16 },
};

/**
 * The same in a child process, whose permissions a worker has only where it is started with them. It may
 * not start workers, which would have others.
 */
export function confinedWorkerOptions(): WorkerOptions {
  const flags = /^--(no-warnings|(experimental-)?permission|allow-fs-read=.*)$/s;
  return { ...workerOptions, execArgv: process.execArgv.filter((flag) => flags.test(flag)) };
}
