import { CodeActError, type ToolDeclaration } from "@codeact/core";
import { minimalEnvironment } from "./environment.js";
import type { PythonSettings } from "./python-options.js";
import { PythonSession } from "./python-session.js";
import { forgetPython, resolvePython } from "./resolve-python.js";

/** What every process of an interpreter is started with. */
export interface SessionPlan {
  settings: PythonSettings;
  workspace: string;
  tools: readonly ToolDeclaration[];
}

/**
 * Starts a process and waits until it is ready.
 * @throws CodeActError with code `executor-start`, or `signal.reason` when aborted.
 */
export async function startSession(
  { settings, workspace, tools }: SessionPlan,
  signal: AbortSignal,
): Promise<PythonSession> {
  signal.throwIfAborted();
  const environment = minimalEnvironment(settings.env);
  const { path } = await abortable(resolvePython(settings.python, environment), signal);
  const { interruptGraceMs } = settings;
  let session: PythonSession;
  try {
    session = new PythonSession({ path, environment, workspace, tools, interruptGraceMs });
  } catch (error) {
    throw new CodeActError(
      "executor-start",
      `Cannot start ${path}: ${(error as Error).message}. Check its permissions and the limits of this process.`,
      { cause: error },
    );
  }
  try {
    await abortable(withTimeout(session.ready, path, settings.startTimeoutMs), signal);
    return session;
  } catch (error) {
    forgetPython(path);
    await session.close("it was given up while it started");
    throw error;
  }
}

/** Settles like `promise`, or rejects with the signal's reason when that aborts first. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
  });
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    // Raced in every case, so that a late rejection is handled.
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function withTimeout<T>(promise: Promise<T>, path: string, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<never>((_, reject) => {
    const message =
      `${path} was not ready within ${timeoutMs} ms. ` +
      "Raise the option `startTimeoutMs` of PythonExecutor if this machine is slow.";
    timer = setTimeout(() => reject(new CodeActError("executor-start", message)), timeoutMs);
  });
  try {
    return await Promise.race([promise, timedOut]);
  } finally {
    clearTimeout(timer);
  }
}
