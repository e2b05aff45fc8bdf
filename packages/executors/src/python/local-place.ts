import { CodeActError, type ToolDeclaration, type WorkspaceFiles } from "@codeact/core";
import { forkSession } from "./fork-session.js";
import type { ForkServerKeeper } from "./fork-server/fork-server-keeper.js";
import type { InterpreterPlace, PlacedSession } from "./interpreter-place.js";
import type { PythonSettings } from "./python-options.js";
import type { PythonSession } from "./python-session.js";
import { type SessionPlan, startSession } from "./start-session.js";
import { WorkspaceDirectory } from "./workspace-directory.js";
import { DirectoryFiles } from "./workspace-files.js";

/** A workspace on this machine. */
export class LocalPlace implements InterpreterPlace {
  readonly fork?: NonNullable<InterpreterPlace["fork"]>;
  readonly #plan: SessionPlan;

  private constructor(plan: SessionPlan) {
    this.#plan = plan;
    if (plan.forkServer !== undefined) this.fork = this.#fork.bind(this);
  }

  /** @throws CodeActError with code `executor-start` on Windows, or where there can be no workspace. */
  static async open(
    settings: PythonSettings,
    forkServer: ForkServerKeeper | undefined,
    tools: readonly ToolDeclaration[],
  ): Promise<LocalPlace> {
    if (process.platform === "win32") {
      throw new CodeActError(
        "executor-start",
        "PythonExecutor cannot run Python on Windows itself. Use it within WSL, or set the option " +
          "`command` to one that leads to Linux, such as `docker run -i` or `wsl python3`.",
      );
    }
    const workspace = await WorkspaceDirectory.open(settings);
    return new LocalPlace({ settings, forkServer, workspace, tools });
  }

  startSession(signal: AbortSignal): Promise<PythonSession> {
    return startSession(this.#plan, signal);
  }

  openFiles(closed: AbortSignal): WorkspaceFiles {
    return new DirectoryFiles(this.#plan.workspace.path, closed);
  }

  dispose(): Promise<void> {
    return this.#plan.workspace.dispose();
  }

  async #fork(
    source: PythonSession,
    workspace: "copy" | "share",
    signal: AbortSignal,
  ): Promise<PlacedSession> {
    const begin = { session: source, directory: this.#plan.workspace, workspace, signal };
    const { session, directory } = await forkSession(begin, this.#plan);
    return { session, place: new LocalPlace({ ...this.#plan, workspace: directory }) };
  }
}
