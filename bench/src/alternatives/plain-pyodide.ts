import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/** Pyodide by itself in a worker thread, as its documentation has it. */
const program = `
  const { parentPort, workerData: indexURL } = require("node:worker_threads");
  import(${JSON.stringify(import.meta.resolve("pyodide"))}).then(async ({ loadPyodide }) => {
    const python = await loadPyodide({ indexURL });
    parentPort.on("message", (code) => parentPort.postMessage(String(python.runPython(code))));
    parentPort.postMessage("ready");
  });`;

/** What one takes who has no Python installed. */
export class PlainPyodide {
  readonly #worker: Worker;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  /** Resolves when it can run code. */
  static async start(): Promise<PlainPyodide> {
    const indexURL = path.dirname(fileURLToPath(import.meta.resolve("pyodide")));
    const pyodide = new PlainPyodide(new Worker(program, { eval: true, workerData: indexURL }));
    await pyodide.#answer();
    return pyodide;
  }

  /** The text of what the code gives. */
  async run(code: string): Promise<string> {
    this.#worker.postMessage(code);
    return this.#answer();
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #answer(): Promise<string> {
    const [text] = (await once(this.#worker, "message")) as [string];
    return text;
  }
}
