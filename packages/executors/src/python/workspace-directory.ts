import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CodeActError } from "@codeact/core";
import { onHostExit } from "./exit-hook.js";
import type { PythonSettings } from "./python-options.js";

/** The directory of an interpreter. */
export interface WorkspaceDirectory {
  /** Absolute, without links. */
  path: string;
  /** Removes it, if it is a temporary one. */
  dispose(): Promise<void>;
}

/** @throws CodeActError with code `executor-start` when there can be none. */
export async function openWorkspace(
  settings: Pick<PythonSettings, "workspace" | "keepWorkspace">,
): Promise<WorkspaceDirectory> {
  const { workspace, keepWorkspace } = settings;
  try {
    if (workspace !== undefined) {
      await mkdir(workspace, { recursive: true });
      return { path: await realpath(resolve(workspace)), dispose: keep };
    }
    const path = await realpath(await mkdtemp(join(tmpdir(), "codeact-")));
    return { path, dispose: keepWorkspace ? keep : remover(path) };
  } catch (error) {
    const what = workspace === undefined ? "a temporary workspace" : `the workspace ${workspace}`;
    throw new CodeActError(
      "executor-start",
      `Cannot make ${what}: ${(error as Error).message}. ` +
        "Set the option `workspace` of PythonExecutor to a directory that can be written.",
      { cause: error },
    );
  }
}

async function keep(): Promise<void> {}

function remover(path: string): () => Promise<void> {
  const forget = onHostExit(() => rmSync(path, { recursive: true, force: true }));
  return async () => {
    forget();
    try {
      await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    } catch (error) {
      throw new CodeActError(
        "workspace-file",
        `Cannot remove the temporary workspace ${path}: ${(error as Error).message}.`,
        { cause: error },
      );
    }
  };
}
