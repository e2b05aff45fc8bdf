import type { PythonAssets } from "./boot.js";
import type { WorkerPlan } from "./interpreter.js";

/** What a web worker is for: the first message that it gets. */
export type BrowserWorkerTask =
  /** Without shared memory the line is made of messages. */
  | { type: "run"; plan: WorkerPlan; memory: SharedArrayBuffer | undefined }
  | { type: "make-snapshot"; assets: PythonAssets };
