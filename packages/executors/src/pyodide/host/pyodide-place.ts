import {
  CodeActError,
  type InterpreterCapabilities,
  type ToolDeclaration,
  type WorkspaceFiles,
} from "@codeact/core";
import type { InterpreterPlace } from "../../python/interpreter-place.js";
import { PythonSession } from "../../python/python-session.js";
import { abortable, withTimeout } from "../../python/waiting.js";
import type { PackageMeans } from "../packages/lock-file.js";
import { installCall, PackageInstaller } from "../packages/package-installer.js";
import type { PyodideSettings } from "../pyodide-options.js";
import {
  type PyodideProcess,
  type ReadyProcesses,
  type WorkspacePlan,
  workspacePlan,
} from "./ready-processes.js";
import { WorkspaceCopy } from "./workspace-copy.js";

/** How the workers of an interpreter come to be. */
export interface WorkerStarter {
  /** Of what it has started. */
  readonly capabilities: InterpreterCapabilities;
  /** What is needed to load packages. @throws CodeActError with code `executor-start`. */
  packageMeans(): Promise<PackageMeans>;
  /** @throws CodeActError with code `executor-start`. */
  start(plan: WorkspacePlan): Promise<PyodideProcess>;
  /** After a start that failed: whether another may go better, for which it does what is needed. */
  prepareAnother?(reason: string): Promise<boolean>;
}

/** The memory of a worker, and a copy of its files that outlives it. */
export class PyodidePlace implements InterpreterPlace {
  readonly #settings: PyodideSettings;
  readonly #tools: readonly ToolDeclaration[];
  readonly #starter: WorkerStarter;
  readonly #processes: ReadyProcesses;
  readonly #installer: PackageInstaller;
  readonly #files = new WorkspaceCopy(workspacePlan.maxWorkspaceBytes);

  constructor(
    settings: PyodideSettings,
    tools: readonly ToolDeclaration[],
    starter: WorkerStarter,
    processes: ReadyProcesses,
  ) {
    this.#settings = settings;
    this.#tools = tools;
    this.#starter = starter;
    this.#processes = processes;
    this.#installer = new PackageInstaller(settings.installFrom, () => starter.packageMeans());
  }

  get capabilities(): InterpreterCapabilities {
    return this.#starter.capabilities;
  }

  async startSession(signal: AbortSignal): Promise<PythonSession> {
    const { startTimeoutMs } = this.#settings;
    const late = new CodeActError(
      "executor-start",
      `Pyodide was not ready within ${startTimeoutMs} ms. ` +
        "Raise the option `startTimeoutMs` of PyodideExecutor if this machine is slow.",
    );
    const session = await this.#beginSession(signal);
    try {
      await abortable(
        withTimeout(session.ready, startTimeoutMs, () => late),
        signal,
      );
      this.#processes.refill();
      return session;
    } catch (error) {
      await session.close("it was given up while it started");
      if (signal.aborted || error === late || !(error instanceof Error)) throw error;
      if (!(await this.#starter.prepareAnother?.(error.message))) throw error;
      await this.#processes.discard();
      return this.startSession(signal);
    }
  }

  async #beginSession(signal: AbortSignal): Promise<PythonSession> {
    const starting = this.#processes.take();
    const process = await abortable(starting, signal).catch((error: unknown) => {
      // Whoever gave up does not wait for a start that is still under way.
      void starting.then(
        (late) => late.kill(),
        () => undefined,
      );
      throw error;
    });
    process.useFiles(this.#files);
    const { interruptGraceMs } = this.#settings;
    const session = new PythonSession(process, {
      tools: this.#tools,
      interruptGraceMs,
      hostCalls: new Map([[installCall, this.#installer.answer]]),
    });
    session.begin({ workspace: workspacePlan.workspace, preload: [], limits: {} });
    return session;
  }

  openFiles(closed: AbortSignal): WorkspaceFiles {
    return this.#files.open(closed);
  }

  async dispose(): Promise<void> {}
}
