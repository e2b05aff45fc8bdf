import { execFile, type ExecFileException } from "node:child_process";
import { resolve } from "node:path";
import { CodeActError } from "@codeact/core";

/** A Python interpreter that can be started. */
export interface ResolvedPython {
  /** The interpreter itself, never a shim. */
  path: string;
  /** For example `3.11.2`. */
  version: string;
}

const oldestMinor = 9;
const probeTimeoutMs = 20_000;
/** Runs on Python 2 too, so that it can be named in the error. */
const probe = "import sys; print(sys.executable); print('%d.%d.%d' % tuple(sys.version_info[:3]))";

const resolutions = new Map<string, Promise<ResolvedPython>>();

/**
 * Finds the real interpreter behind a command or path: what is on `PATH` may be a shim that takes
 * longer to run than Python itself. Asked once for each command and `PATH`; failures are asked
 * again.
 * @throws CodeActError with code `executor-start` when it is no usable Python.
 */
export function resolvePython(
  python: string,
  environment: Readonly<Record<string, string>>,
): Promise<ResolvedPython> {
  const command = /[\\/]/.test(python) ? resolve(python) : python;
  const key = JSON.stringify([command, environment["PATH"]]);
  let resolution = resolutions.get(key);
  if (resolution === undefined) {
    resolution = askPython(python, command, environment).catch((error: unknown) => {
      resolutions.delete(key);
      throw error;
    });
    resolutions.set(key, resolution);
  }
  return resolution;
}

/** Forgets what was found, because it does not start any more. */
export function forgetPython(path: string): void {
  for (const [key, resolution] of resolutions) {
    void resolution.then(
      (found) => found.path === path && resolutions.delete(key),
      () => undefined,
    );
  }
}

async function askPython(
  python: string,
  command: string,
  environment: Readonly<Record<string, string>>,
): Promise<ResolvedPython> {
  const { error, stdout, stderr } = await run(command, environment);
  if (error !== undefined) throw unusable(python, describe(error, stderr), error);
  const [path, version] = stdout.trimEnd().split(/\r?\n/);
  const [, major, minor] = /^(\d+)\.(\d+)\.\d+$/.exec(version ?? "") ?? [];
  if (version === undefined || major === undefined || minor === undefined) {
    throw unusable(python, "it did not answer as Python does");
  }
  if (Number(major) !== 3 || Number(minor) < oldestMinor) {
    throw unusable(python, `it is Python ${version}`);
  }
  // Empty where Python could not find out.
  return { path: path || command, version };
}

interface ProbeOutcome {
  error: ExecFileException | undefined;
  stdout: string;
  stderr: string;
}

function run(
  command: string,
  environment: Readonly<Record<string, string>>,
): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const options = {
      env: environment,
      timeout: probeTimeoutMs,
      killSignal: "SIGKILL",
      windowsHide: true,
    } as const;
    const child = execFile(command, ["-E", "-s", "-c", probe], options, (error, stdout, stderr) => {
      resolve({ error: error ?? undefined, stdout, stderr });
    });
    child.stdin?.end();
  });
}

function describe(error: ExecFileException, stderr: string): string {
  if (error.code === "ENOENT") return "there is no such command or file";
  if (error.code === "EACCES") return "it is not executable";
  if (error.code === "EMFILE") return "this process has no descriptors left to start it";
  if (error.killed === true) return `it did not answer within ${probeTimeoutMs / 1000} s`;
  const said = stderr.trim().slice(-500);
  return said === "" ? "it failed when asked for its version" : `it failed: ${said}`;
}

function unusable(python: string, reason: string, cause?: unknown): CodeActError {
  return new CodeActError(
    "executor-start",
    `Cannot use ${JSON.stringify(python)} as Python: ${reason}. ` +
      "Install Python 3.9 or newer, or set the option `python` of PythonExecutor to its path.",
    { cause },
  );
}
