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
