import { CodeActError } from "@codeact/core";
import type { PythonSession } from "./python-session.js";
import type { SessionPlan } from "./start-session.js";
import { abortable, withTimeout } from "./waiting.js";
import type { WorkspaceDirectory } from "./workspace-directory.js";

/** What is to be forked, and how. */
export interface ForkSource {
  /** Idle. */
  session: PythonSession;
  directory: WorkspaceDirectory;
  workspace: "copy" | "share";
  signal: AbortSignal;
}

/**
 * Forks a session with its workspace and waits until the branch is ready.
 * @throws CodeActError with code `fork`, or `signal.reason` when aborted.
 */
export async function forkSession(
  { session: source, directory, workspace, signal }: ForkSource,
  { settings }: SessionPlan,
): Promise<{ session: PythonSession; directory: WorkspaceDirectory }> {
  const { startTimeoutMs } = settings;
  if (source.lostReason !== undefined) {
    throw forkError(`it was lost (${source.lostReason}); the next execute() starts another`);
  }
  const late = () => forkError(`it did not answer within ${startTimeoutMs} ms`);
  let isAnswered = false;
  const forking = source.fork().finally(() => {
    isAnswered = true;
  });
  let session: PythonSession;
  try {
    session = await abortable(withTimeout(forking, startTimeoutMs, late), signal);
  } catch (error) {
    if (!isAnswered) {
      // Its end also ends the wait for its answer.
      await source.close("it did not answer when it was to fork");
      await forking.then(
        (branch) => branch.close("its fork was given up"),
        () => undefined,
      );
    }
    throw error;
  }
  let target: WorkspaceDirectory | undefined;
  try {
    // Only now, for forking has written what was still in the buffers of open files.
    target = workspace === "share" ? directory.share() : await directory.copy(settings);
    if (workspace === "copy" && settings.sandbox.kind === "strict") await session.show(target.path);
    session.beginBranch(target.innerPath);
    const ready = session.ready.catch(() => {
      throw forkError(`its branch was lost (${session.lostReason})`);
    });
    await abortable(withTimeout(ready, startTimeoutMs, late), signal);
    signal.throwIfAborted();
    return { session, directory: target };
  } catch (error) {
    await session.close("its fork was given up");
    // What could not be forked is what the caller has to know.
    await target?.dispose().catch(() => undefined);
    throw error;
  }
}

function forkError(reason: string): CodeActError {
  return new CodeActError("fork", `Cannot fork the interpreter: ${reason}.`);
}
