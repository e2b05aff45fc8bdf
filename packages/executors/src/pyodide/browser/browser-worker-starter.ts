import { CodeActError, type InterpreterCapabilities } from "@codeact/core";
import type { ProcessStart, PyodideProcess, WorkspacePlan } from "../host/ready-processes.js";
import { workerCapabilities } from "../host/capabilities.js";
import type { WorkerStarter } from "../host/pyodide-place.js";
import type { PyodideSettings } from "../pyodide-options.js";
import { testedVersion } from "../tested-version.js";
import { StackSwitch } from "../worker/stack-switch.js";
import { SharedPackages } from "../packages/load-packages.js";
import { distributionUrl, type PackageMeans } from "../packages/lock-file.js";
import { type LoadedPyodide, loadPyodide } from "./load-pyodide.js";
import { pageReader } from "./page-reader.js";
import { forgetSnapshot, loadSnapshot } from "./snapshot.js";
import { startWorker } from "./start-worker.js";
import { WorkerProcess } from "./worker-process.js";

const capabilities = workerCapabilities(
  "no page, storage or network: WebAssembly, in the locked down realm of a web worker",
);

const defaultIndexUrl = distributionUrl(testedVersion);

/** Starts interpreters in web workers. */
export class BrowserWorkerStarter implements WorkerStarter {
  readonly capabilities: InterpreterCapabilities;
  readonly adviceWhenLate =
    "Raise the option `startTimeoutMs` of PyodideExecutor if this machine or the network is slow. " +
    "Otherwise see that `indexUrl` is where Pyodide is served, and `worker` the program of " +
    "@codeact/executors/pyodide/worker.";
  readonly #settings: PyodideSettings;
  readonly #packages: SharedPackages;
  readonly #sharesMemory = globalThis.crossOriginIsolated === true;

  constructor(settings: PyodideSettings) {
    this.#settings = settings;
    this.#packages = new SharedPackages(settings.packages);
    // Without shared memory an interrupt reaches only code that waits.
    this.capabilities = this.#sharesMemory
      ? capabilities
      : Object.freeze({ ...capabilities, interrupt: "terminates" });
  }

  async start(plan: WorkspacePlan, { signal }: ProcessStart): Promise<PyodideProcess> {
    if (!this.#sharesMemory && !StackSwitch.isSupported) throw cannotWait();
    const { worker, memoryLimitBytes, cacheDirectory } = this.#settings;
    const pyodide = await this.#loadPyodide(signal);
    const start = () => startWorker(worker);
    const isKept = cacheDirectory !== false;
    // Whatever is in its way is in the way of an interpreter, too, which tells what that is.
    const snapshot = await loadSnapshot(pyodide, { startWorker: start, isKept }, signal).catch(
      () => undefined,
    );
    const packages = await this.#packages.load(this.#packageMeans(pyodide), signal);
    signal.throwIfAborted();
    return new WorkerProcess(start(), {
      plan: {
        ...plan,
        memoryLimitBytes,
        assets: { ...pyodide.assets, ...(snapshot && { snapshot }), ...(packages && { packages }) },
      },
      sharesMemory: this.#sharesMemory,
      onBadSnapshot: () => void forgetSnapshot(pyodide),
    });
  }

  #loadPyodide(signal?: AbortSignal): Promise<LoadedPyodide> {
    return loadPyodide(directoryUrl(this.#settings.indexUrl ?? defaultIndexUrl), signal);
  }

  async packageMeans(): Promise<PackageMeans> {
    return this.#packageMeans(await this.#loadPyodide());
  }

  #packageMeans({ lock }: LoadedPyodide): PackageMeans {
    return {
      reader: pageReader,
      ownLock: lock,
      ownBase: defaultIndexUrl,
      baseUrl: this.#settings.packageBaseUrl,
    };
  }
}

function directoryUrl(indexUrl: string | URL): string {
  const { href } = new URL(indexUrl, globalThis.location.href);
  return href.endsWith("/") ? href : `${href}/`;
}

function cannotWait(): CodeActError {
  return new CodeActError(
    "executor-start",
    "PyodideExecutor cannot let Python wait for tools in this page: it shares no memory with " +
      "workers, and the browser has no JavaScript Promise Integration. Serve the page with the " +
      "headers `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: " +
      "require-corp`, or use a browser with JavaScript Promise Integration, such as Chrome 137.",
  );
}
