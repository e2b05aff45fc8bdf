import type { LineMessage } from "../line/message.js";
import { SharedLine } from "../line/shared-line.js";
import type { WorkerReport } from "../line/worker-report.js";
import type { BrowserWorkerTask } from "./browser-task.js";
import { makeSnapshot, runInterpreter } from "./interpreter.js";
import { MessageWorkerLine } from "./message-worker-line.js";
import { SharedWorkerLine } from "./shared-worker-line.js";
import { StackSwitch } from "./stack-switch.js";

/** The global scope of a web worker. */
interface WorkerScope {
  onmessage: ((event: { data: unknown }) => void) | null;
  postMessage(report: WorkerReport, transfer?: ArrayBuffer[]): void;
}

const scope = globalThis as unknown as WorkerScope;

// webpack makes classic workers. Pyodide knows them by this function and refuses them, though it loads
// nothing by it here.
Object.defineProperty(scope, "importScripts", { value: undefined, configurable: true });

// What is global is taken away before any code of the user runs.
if (Reflect.get(scope, begin.name) === begin) {
  throw new Error(
    'this file is a module: start its worker with { type: "module" }, or let a bundler wrap it',
  );
}

scope.onmessage = ({ data }) => {
  scope.onmessage = null;
  const post = scope.postMessage.bind(scope);
  void begin(data as BrowserWorkerTask, post);
};

async function begin(
  task: BrowserWorkerTask,
  post: (report: WorkerReport, transfer?: ArrayBuffer[]) => void,
): Promise<void> {
  if (task.type === "make-snapshot") {
    try {
      const bytes = await makeSnapshot(task.assets);
      post({ type: "snapshot", bytes }, [bytes.buffer]);
    } catch {
      // An interpreter that starts without says what is wrong.
      post({ type: "ended" });
    }
    return;
  }
  const end = {
    exit: () => post({ type: "ended" }),
    onBadSnapshot: () => post({ type: "bad-snapshot" }),
  };
  if (task.memory !== undefined) {
    const memory = new SharedLine(task.memory);
    const line = new SharedWorkerLine(memory, () => post({ type: "look" }));
    await runInterpreter(task.plan, { line, ...end });
  } else {
    const stack = new StackSwitch();
    const line = new MessageWorkerLine(stack, (bytes) =>
      post({ type: "bytes", bytes }, [bytes.buffer]),
    );
    scope.onmessage = ({ data }) => line.take(data as LineMessage);
    await runInterpreter(task.plan, { line, stack, ...end });
  }
}
