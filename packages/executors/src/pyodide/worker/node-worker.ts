import { parentPort, workerData } from "node:worker_threads";
import type { PythonAssets } from "./boot.js";
import { makeSnapshot, runInterpreter, type WorkerPlan } from "./interpreter.js";
import { becomeBrowserWorker } from "./realm.js";

/** What a worker thread is for. */
export type NodeWorkerTask =
  | { type: "run"; plan: WorkerPlan }
  | { type: "make-snapshot"; assets: PythonAssets };

const port = parentPort;
const task = workerData as NodeWorkerTask;
const exit = process.exit.bind(process);
becomeBrowserWorker();

if (task.type === "run") {
  void runInterpreter(
    task.plan,
    () => port?.postMessage(null),
    () => exit(0),
  );
} else {
  void makeSnapshot(task.assets).then((snapshot) => port?.postMessage(snapshot, [snapshot.buffer]));
}
