import { CodeActError, type ToolDeclaration } from "@codeact/core";
import { minimalEnvironment } from "./environment.js";
import type { ForkServerKeeper } from "./fork-server/fork-server-keeper.js";
import { PythonProcess } from "./python-process.js";
import type { PythonSettings } from "./python-options.js";
import { PythonSession } from "./python-session.js";
import { forgetPython, resolvePython } from "./resolve-python.js";
import type { SessionProcess } from "./session-process.js";
import { abortable, withTimeout } from "./waiting.js";
import type { WorkspaceDirectory } from "./workspace-directory.js";

/** What every process of an interpreter is started with. */
export interface SessionPlan {
  settings: PythonSettings;
  /** Forks the processes; without it each is started by itself. */
  forkServer: ForkServerKeeper | undefined;
  workspace: WorkspaceDirectory;
  tools: readonly ToolDeclaration[];
}

/**
 * Starts a process and waits until it is ready.
 * @throws CodeActError with code `executor-start`, or `signal.reason` when aborted.
 */
export async function startSession(plan: SessionPlan, signal: AbortSignal): Promise<PythonSession> {
  const { settings, tools, workspace } = plan;
  const { interruptGraceMs, startTimeoutMs } = settings;
  const { process, path } = await openProcess(plan, signal);
  const session = new PythonSession(process, { tools, interruptGraceMs });
  session.begin({
    workspace: workspace.innerPath,
    preload: plan.forkServer === undefined ? settings.preload : [],
    limits: settings.sandbox.kind === "none" ? settings.sandbox.limits : {},
  });
  const late = () =>
    new CodeActError(
      "executor-start",
      `${path} was not ready within ${startTimeoutMs} ms. ` +
        "Raise the option `startTimeoutMs` of PythonExecutor if this machine is slow.",
    );
  try {
    await abortable(withTimeout(session.ready, startTimeoutMs, late), signal);
    return session;
  } catch (error) {
    // A start that is no longer wanted says nothing against that Python.
    if (!signal.aborted) forgetPython(path);
    await session.close("it was given up while it started");
    throw error;
  }
}

async function openProcess(
  plan: SessionPlan,
  signal: AbortSignal,
): Promise<{ process: SessionProcess; path: string }> {
  if (plan.forkServer !== undefined) {
    const server = await plan.forkServer.get(signal);
    return { process: server.start(plan.workspace.path), path: server.path };
  }
  if (plan.settings.sandbox.kind === "strict") {
    throw new CodeActError(
      "sandbox",
      `Cannot start a confined Python: it needs Linux, and this is ${globalThis.process.platform}. ` +
        "Run it in a Linux container.",
    );
  }
  const environment = minimalEnvironment(plan.settings.env);
  const { path } = await abortable(resolvePython(plan.settings.python, environment), signal);
  try {
    const process = new PythonProcess({
      path,
      environment,
      entry: "codeact_runtime.session",
      workingDirectory: plan.workspace.path,
      killAtHostExit: true,
    });
    return { process, path };
  } catch (error) {
    throw new CodeActError(
      "executor-start",
      `Cannot start ${path}: ${(error as Error).message}. Check its permissions and the limits of this process.`,
      { cause: error },
    );
  }
}
