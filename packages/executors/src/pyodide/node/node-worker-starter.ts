import type { InterpreterCapabilities } from "@codeact/core";
import type { WorkerStarter } from "../host/pyodide-place.js";
import type { PyodideSettings } from "../pyodide-options.js";
import { loadPyodidePackage } from "./python-files.js";
import { defaultCacheDirectory, loadSnapshot } from "./snapshot.js";
import { ThreadProcess } from "./thread-process.js";

const capabilities: InterpreterCapabilities = Object.freeze({
  fork: false,
  threads: false,
  subprocess: false,
  interrupt: "keeps-state",
  concurrentToolCalls: false,
  backPressure: true,
  filesWhileBusy: true,
  isolation: Object.freeze([
    "no files, processes or network of the host: WebAssembly, in a locked down JavaScript realm",
    "memory: a limit on the growth of WebAssembly's",
  ]),
});

/** Starts interpreters in worker threads. */
export class NodeWorkerStarter implements WorkerStarter {
  readonly capabilities = capabilities;
  readonly #settings: PyodideSettings;

  constructor(settings: PyodideSettings) {
    this.#settings = settings;
  }

  async start(plan: Parameters<WorkerStarter["start"]>[0]): Promise<ThreadProcess> {
    const { cacheDirectory = defaultCacheDirectory(), memoryLimitBytes } = this.#settings;
    const pyodide = await loadPyodidePackage();
    const snapshot = await loadSnapshot(
      pyodide,
      cacheDirectory === false ? undefined : cacheDirectory,
    );
    return new ThreadProcess({
      ...plan,
      assets: { ...pyodide.assets, snapshot },
      memoryLimitBytes,
    });
  }
}
