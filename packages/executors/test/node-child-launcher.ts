import { Worker } from "node:worker_threads";
import { confinedWorkerOptions, workerOptions } from "../src/pyodide/node/worker-options.js";

/** What is run in a worker, as the interpreter's program is. */
const [program = "", world = "{}"] = process.argv.slice(-2);
const isConfined = process.permission !== undefined;
const worker = new Worker(program, {
  ...(isConfined ? confinedWorkerOptions() : { ...workerOptions, env: process.env }),
  workerData: JSON.parse(world) as unknown,
});
worker.once("message", (outcomes) => {
  process.stdout.write(JSON.stringify(outcomes), () => process.exit(0));
});
