import {
  CodeActError,
  type InterpreterCapabilities,
  type ToolDeclaration,
  type WorkspaceFiles,
} from "@codeact/core";
import type { InterpreterPlace } from "../../python/interpreter-place.js";
import { PythonSession } from "../../python/python-session.js";
import { abortable } from "../../python/waiting.js";
import type { PackageMeans } from "../packages/lock-file.js";
import { installCall, PackageInstaller } from "../packages/package-installer.js";
import type { PyodideSettings } from "../pyodide-options.js";
import { packageProblem } from "../worker/boot.js";
import {
  type ProcessStart,
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
  /** What to do where a start takes too long. */
  readonly adviceWhenLate: string;
  /** What is needed to load packages. @throws CodeActError with code `executor-start`. */
  packageMeans(): Promise<PackageMeans>;
  /** @throws CodeActError with code `executor-start`; or `how.signal.reason` when aborted. */
  start(plan: WorkspacePlan, how: ProcessStart): Promise<PyodideProcess>;
  /** Python does not start from its snapshot, for this reason, but it starts without. */
  giveUpSnapshot?(reason: string): Promise<void>;
}

/** Whether a start may have failed for the snapshot that it began from. */
function mayBeTheSnapshot(process: PyodideProcess, error: unknown): error is Error {
  if (process.dependsOnSnapshot !== true) return false;
  return error instanceof Error && !error.message.includes(packageProblem);
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
    const limit = new AbortController();
    const timer = setTimeout(() => {
      const problem = `Pyodide was not ready within ${startTimeoutMs} ms.`;
      const message = `${problem} ${this.#starter.adviceWhenLate}`;
      limit.abort(new CodeActError("executor-start", message));
    }, startTimeoutMs);
    try {
      return await this.#start(AbortSignal.any([signal, limit.signal]));
    } finally {
      clearTimeout(timer);
    }
  }

  async #start(signal: AbortSignal): Promise<PythonSession> {
    const process = await this.#processes.take(signal);
    let session: PythonSession;
    try {
      session = await this.#startIn(process, signal);
    } catch (error) {
      if (signal.aborted || !mayBeTheSnapshot(process, error)) throw error;
      const plain = await this.#processes.startPlain(signal);
      session = await this.#startIn(plain, signal);
      // Only now it is known what was in the way.
      await this.#starter.giveUpSnapshot?.(error.message);
      await this.#processes.discard();
    }
    this.#processes.refill();
    return session;
  }

  async #startIn(process: PyodideProcess, signal: AbortSignal): Promise<PythonSession> {
    const session = this.#beginSession(process);
    try {
      await abortable(session.ready, signal);
      return session;
    } catch (error) {
      await session.close("it was given up while it started");
      throw error;
    }
  }

  #beginSession(process: PyodideProcess): PythonSession {
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
