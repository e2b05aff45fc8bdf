import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CodeActError } from "@codeact/core";
import { removeAbandoned, temporaryPrefix } from "./abandoned-workspaces.js";
import { copyDirectory } from "./copy-directory.js";
import { onHostExit } from "./exit-hook.js";
import type { PythonSettings } from "./python-options.js";

type WorkspaceSettings = Pick<PythonSettings, "workspace" | "keepWorkspace">;

/** The directory of one interpreter, or of several. */
export class WorkspaceDirectory {
  /** Absolute, without links. */
  readonly path: string;
  readonly #remove: () => Promise<void>;
  #users = 1;

  private constructor(path: string, remove: () => Promise<void>) {
    this.path = path;
    this.#remove = remove;
  }

  /** @throws CodeActError with code `executor-start` when there can be none. */
  static async open(settings: WorkspaceSettings): Promise<WorkspaceDirectory> {
    const { workspace } = settings;
    try {
      if (workspace === undefined) return await WorkspaceDirectory.#temporary(settings);
      await mkdir(workspace, { recursive: true });
      return new WorkspaceDirectory(await realpath(resolve(workspace)), async () => {});
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

  static async #temporary({ keepWorkspace }: WorkspaceSettings): Promise<WorkspaceDirectory> {
    sweepOnce(tmpdir());
    const path = await realpath(await mkdtemp(join(tmpdir(), temporaryPrefix(keepWorkspace))));
    return new WorkspaceDirectory(path, keepWorkspace ? async () => {} : remover(path));
  }

  /** The same directory for one more interpreter. */
  share(): this {
    this.#users++;
    return this;
  }

  /**
   * A temporary directory that begins with the same content.
   * @throws CodeActError with code `fork`.
   */
  async copy(settings: WorkspaceSettings): Promise<WorkspaceDirectory> {
    let target: WorkspaceDirectory | undefined;
    try {
      target = await WorkspaceDirectory.#temporary(settings);
      await copyDirectory(this.path, target.path);
      return target;
    } catch (error) {
      await target?.dispose();
      throw new CodeActError(
        "fork",
        `Cannot copy the workspace ${this.path}: ${(error as Error).message}. ` +
          'Free some space, or fork with { workspace: "share" }.',
        { cause: error },
      );
    }
  }

  /** Removes it with its last user, if it is a temporary one. */
  async dispose(): Promise<void> {
    this.#users--;
    if (this.#users === 0) await this.#remove();
  }
}

const swept = new Set<string>();

/** Beside what is asked for: nobody waits for it. */
function sweepOnce(directory: string): void {
  if (swept.has(directory)) return;
  swept.add(directory);
  void removeAbandoned(directory);
}

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
