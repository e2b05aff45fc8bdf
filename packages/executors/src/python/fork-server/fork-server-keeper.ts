import { realpathSync } from "node:fs";
import { CodeActError } from "@codeact/core";
import { minimalEnvironment } from "../environment.js";
import type { PythonSettings } from "../python-options.js";
import { forgetPython, resolvePython } from "../resolve-python.js";
import { abortable } from "../waiting.js";
import { ForkServer, type ForkServerOptions } from "./fork-server.js";

/** Without preloaded modules it is cheap to start, so that none is kept for long. */
const idleMs = 2000;

/** Has the fork server of an executor: started when first needed, and again when it has ended. */
export class ForkServerKeeper {
  readonly #settings: PythonSettings;
  #server: { forks: ForkServer; waiting: number } | undefined;

  constructor(settings: PythonSettings) {
    this.#settings = settings;
  }

  /**
   * A server that is ready. One that nobody waits for any more while it starts is ended.
   * @throws CodeActError with code `executor-start`, or `signal.reason` when aborted.
   */
  async get(signal: AbortSignal): Promise<ForkServer> {
    const environment = minimalEnvironment(this.#settings.env);
    const { path } = await abortable(resolvePython(this.#settings.python, environment), signal);
    if (!this.#server?.forks.isUsable) {
      this.#server = { forks: this.#open(path, environment), waiting: 0 };
    }
    const server = this.#server;
    server.waiting++;
    try {
      await abortable(server.forks.ready, signal);
      return server.forks;
    } catch (error) {
      if (server.waiting === 1) {
        // A start that is no longer wanted says nothing against that Python.
        if (!signal.aborted) forgetPython(path);
        await server.forks.kill();
      }
      throw error;
    } finally {
      server.waiting--;
    }
  }

  async close(): Promise<void> {
    await this.#server?.forks.close();
  }

  #open(path: string, environment: Readonly<Record<string, string>>): ForkServer {
    const { preload, startTimeoutMs } = this.#settings;
    try {
      return new ForkServer({
        path,
        environment,
        preload,
        startTimeoutMs,
        ...this.#sandbox(),
        idleMs: preload.length > 0 ? Infinity : idleMs,
      });
    } catch (error) {
      throw new CodeActError(
        "executor-start",
        `Cannot start ${path}: ${(error as Error).message}. ` +
          "Check its permissions and the limits of this process.",
        { cause: error },
      );
    }
  }

  #sandbox(): Pick<ForkServerOptions, "sandbox"> {
    const { sandbox, workspace } = this.#settings;
    if (sandbox.kind === "none") return {};
    return {
      sandbox: {
        readable: sandbox.readablePaths,
        limits: {
          memory_bytes: sandbox.memoryBytes,
          processes: sandbox.maxProcesses,
          file_size_bytes: sandbox.fileSizeBytes,
        },
        workspace: workspace === undefined ? null : realpathSync(workspace),
      },
    };
  }
}
