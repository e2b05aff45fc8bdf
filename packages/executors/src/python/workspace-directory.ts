import { mkdir, mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { CodeActError } from "@codeact/core";
import { removeAbandoned, temporaryPrefix } from "./abandoned-workspaces.js";
import { copyDirectory } from "./copy-directory.js";
import { onHostExit } from "./exit-hook.js";
import type { PythonSettings } from "./python-options.js";
import { removeDirectory, removeDirectoryNow } from "./remove-directory.js";

type WorkspaceSettings = Pick<PythonSettings, "workspace" | "keepWorkspace" | "sandbox">;

/** The directory of one interpreter, or of several. */
export class WorkspaceDirectory {
  /** Absolute, without links. */
  readonly path: string;
  /** Its path as the code sees it. */
  readonly innerPath: string;
  readonly #remove: () => Promise<void>;
  #users = 1;

  private constructor(path: string, innerPath: string, remove: () => Promise<void>) {
    this.path = path;
    this.innerPath = innerPath;
    this.#remove = remove;
  }

  /** @throws CodeActError with code `executor-start` when there can be none. */
  static async open(settings: WorkspaceSettings): Promise<WorkspaceDirectory> {
    const { workspace } = settings;
    try {
      if (workspace === undefined) return await WorkspaceDirectory.#temporary(settings);
      await mkdir(workspace, { recursive: true });
      const path = await realpath(resolve(workspace));
      return new WorkspaceDirectory(path, path, async () => {});
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

  static async #temporary(settings: WorkspaceSettings): Promise<WorkspaceDirectory> {
    sweepOnce(tmpdir());
    const prefix = temporaryPrefix(settings.keepWorkspace);
    const path = await realpath(await mkdtemp(join(tmpdir(), prefix)));
    // The supervisor shows it there, whatever the host's directory for such things is.
    const innerPath = settings.sandbox.kind === "strict" ? join("/tmp", basename(path)) : path;
    const remove = settings.keepWorkspace ? async () => {} : remover(path);
    return new WorkspaceDirectory(path, innerPath, remove);
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
      const paths = { source: this.innerPath, target: target.innerPath };
      await copyDirectory(this.path, target.path, paths);
      return target;
    } catch (error) {
      // What could not be copied is what the caller has to know.
      await target?.dispose().catch(() => undefined);
      throw new CodeActError(
        "fork",
        `Cannot copy the workspace ${this.path}: ${(error as Error).message}. ` +
          'Free some space, or fork with { workspace: "share" }.',
        { cause: error },
      );
    }
  }

  /**
   * Removes it with its last user, if it is a temporary one. One that cannot be removed is tried
   * again when the host exits.
   */
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
  const forget = onHostExit(() => removeDirectoryNow(path));
  return async () => {
    try {
      await removeDirectory(path);
      forget();
    } catch (error) {
      throw new CodeActError(
        "workspace-file",
        `Cannot remove the temporary workspace ${path}: ${(error as Error).message}.`,
        { cause: error },
      );
    }
  };
}
