import { CodeActError, type InterpreterCapabilities } from "@codeact/core";
import { abortable } from "../../python/waiting.js";
import { workerCapabilities } from "../host/capabilities.js";
import type { WorkerStarter } from "../host/pyodide-place.js";
import type { ProcessStart, PyodideProcess, WorkspacePlan } from "../host/ready-processes.js";
import type { PyodideSettings } from "../pyodide-options.js";
import { SharedPackages } from "../packages/load-packages.js";
import { distributionUrl, type PackageMeans } from "../packages/lock-file.js";
import { nodeReader } from "./node-reader.js";
import { type InstalledPyodide, loadPyodidePackage } from "./python-files.js";
import { defaultCacheDirectory, giveUpSnapshot, loadSnapshot } from "./snapshot.js";
import { type Confinement, findConfinement } from "./confinement.js";
import { IsolatedProcess } from "./isolated-process.js";
import { ThreadProcess } from "./thread-process.js";

const capabilities = workerCapabilities(
  "no files, processes or network of the host: WebAssembly, in a locked down JavaScript realm",
);

/** What a process of their own adds. */
function isolatedCapabilities(confinement: Confinement | undefined): InterpreterCapabilities {
  return Object.freeze({
    ...capabilities,
    isolation: Object.freeze([
      ...capabilities.isolation,
      "no files, processes or environment of the host: Node's permission model, in a process of its own",
      ...(confinement === undefined ? [] : [confinement.description]),
    ]),
  });
}

/** @throws CodeActError with code `executor-start` where the system starts nothing more. */
export function started<T extends PyodideProcess>(start: () => T): T {
  try {
    return start();
  } catch (error) {
    throw new CodeActError(
      "executor-start",
      `PyodideExecutor cannot start an interpreter: ${(error as Error).message}. Check the limits of ` +
        "this process, and close interpreters that are not needed.",
      { cause: error },
    );
  }
}

/** Starts interpreters in worker threads, of this process or of one of their own. */
export class NodeWorkerStarter implements WorkerStarter {
  readonly #settings: PyodideSettings;
  readonly #packages: SharedPackages;
  readonly adviceWhenLate =
    "Raise the option `startTimeoutMs` of PyodideExecutor if this machine is slow, or what `packages` " +
    "names comes slowly.";
  #capabilities = capabilities;
  #usesSnapshot = true;

  constructor(settings: PyodideSettings) {
    this.#settings = settings;
    this.#packages = new SharedPackages(settings.packages);
  }

  get capabilities(): InterpreterCapabilities {
    return this.#capabilities;
  }

  async start(
    plan: WorkspacePlan,
    { fromSnapshot, signal }: ProcessStart,
  ): Promise<PyodideProcess> {
    const { isolation, memoryLimitBytes } = this.#settings;
    const pyodide = await abortable(loadPyodidePackage(), signal);
    const snapshot = fromSnapshot ? await this.#snapshot(pyodide, signal) : undefined;
    const packages = await this.#packages.load(this.#packageMeans(pyodide), signal);
    const run = { ...plan, memoryLimitBytes };
    if (isolation === "process") {
      const { modules } = pyodide.assets;
      const isRequired = this.#settings.confinement === "required";
      const confinement = await findConfinement(pyodide.directory, isRequired, signal);
      this.#capabilities = isolatedCapabilities(confinement);
      const pyodideDirectory = pyodide.directory;
      return started(
        () =>
          new IsolatedProcess({ pyodideDirectory, confinement, modules, snapshot, packages, run }),
      );
    }
    const assets = {
      ...pyodide.assets,
      ...(snapshot && { snapshot }),
      ...(packages && { packages }),
    };
    return started(() => new ThreadProcess({ ...run, assets }));
  }

  async #snapshot(pyodide: InstalledPyodide, signal: AbortSignal): ReturnType<typeof loadSnapshot> {
    if (!this.#usesSnapshot) return undefined;
    try {
      return await loadSnapshot(pyodide, this.#cacheDirectory, signal);
    } catch (error) {
      signal.throwIfAborted();
      await this.giveUpSnapshot(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  async giveUpSnapshot(reason: string): Promise<void> {
    // Of several that fail at the same time, the first does it.
    if (!this.#usesSnapshot) return;
    this.#usesSnapshot = false;
    await giveUpSnapshot(await loadPyodidePackage(), this.#cacheDirectory);
    process.emitWarning(
      `PyodideExecutor starts slowly, for its snapshot of Python does not start: ${reason}`,
    );
  }

  async packageMeans(): Promise<PackageMeans> {
    return this.#packageMeans(await loadPyodidePackage());
  }

  #packageMeans({ version, lock }: InstalledPyodide): PackageMeans {
    return {
      reader: nodeReader,
      ownLock: lock,
      ownBase: distributionUrl(version),
      baseUrl: this.#settings.packageBaseUrl,
    };
  }

  get #cacheDirectory(): string | undefined {
    const { cacheDirectory = defaultCacheDirectory() } = this.#settings;
    return cacheDirectory === false ? undefined : cacheDirectory;
  }
}
