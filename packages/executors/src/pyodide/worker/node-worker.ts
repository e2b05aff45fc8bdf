import { parentPort } from "node:worker_threads";
import { SharedLine } from "../line/shared-line.js";
import type { PythonAssets } from "./boot.js";
import { makeSnapshot, runInterpreter, type WorkerPlan } from "./interpreter.js";
import { becomeBrowserWorker } from "./realm.js";
import { SharedWorkerLine } from "./shared-worker-line.js";

/** What a worker thread is for: the first message that it gets. */
export type NodeWorkerTask =
  | { type: "run"; plan: WorkerPlan; memory: SharedArrayBuffer }
  | { type: "make-snapshot"; assets: PythonAssets };

const port = parentPort;
const exit = process.exit.bind(process);
becomeBrowserWorker();

port?.once("message", (task: NodeWorkerTask) => {
  if (task.type === "run") {
    const line = new SharedWorkerLine(new SharedLine(task.memory), () => port.postMessage(null));
    void runInterpreter(task.plan, { line, exit: () => exit(0) });
  } else {
    void makeSnapshot(task.assets).then((bytes) => port.postMessage(bytes, [bytes.buffer]));
  }
});
