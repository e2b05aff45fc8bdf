import {
  readSandboxOptions,
  type SandboxOptions,
  type SandboxSettings,
} from "./sandbox-options.js";
import { isPath, optionChecks } from "../option-checks.js";

const { invalid, readDuration } = optionChecks("PythonExecutor");

/** Options of a `PythonExecutor`. */
export interface PythonExecutorOptions extends SandboxOptions {
  /** A command on `PATH`, or the path of an interpreter; 3.9 or newer. @defaultValue `"python3"` */
  python?: string;
  /**
   * A command whose standard streams lead to a Python 3.9 or newer elsewhere, up to and with the
   * interpreter: `["docker", "run", "-i", "--rm", "python:3.12-slim", "python3"]`, or
   * `["ssh", "host", "python3"]`. Excludes `python` and `forkServer: true`. One command serves one
   * interpreter; nothing has to be installed at its other end, where `env`, `workspace` and
   * `preload` then apply.
   * @defaultValue none: a local process
   */
  command?: readonly string[];
  /**
   * Environment variables for the code, added to a minimal environment. Nothing else of the
   * host's environment is inherited. @defaultValue none
   */
  env?: Readonly<Record<string, string>>;
  /**
   * The directory in which the code runs, made where it is missing and never removed. Interpreters
   * of one executor then share it. @defaultValue a temporary directory for each interpreter
   */
  workspace?: string;
  /** Leaves temporary workspaces behind at `close()`. @defaultValue `false` */
  keepWorkspace?: boolean;
  /**
   * How long an interrupted cell may take to end, in milliseconds, before its process is killed
   * and its variables are lost. @defaultValue 500
   */
  interruptGraceMs?: number;
  /** How long Python may take to start, in milliseconds. @defaultValue 30,000 */
  startTimeoutMs?: number;
  /**
   * Modules that every interpreter finds imported already, such as `["numpy", "pandas"]`. Where
   * there is a fork server they are imported once, by the first `start()`, and shared.
   * @defaultValue none
   */
  preload?: readonly string[];
  /**
   * Whether interpreters are forked from one process, which makes `fork()` possible and every
   * start after the first quick. Only Linux can; elsewhere it is ignored, and each interpreter is
   * a process started by itself. `sandbox: "strict"` needs it.
   * @defaultValue `true`, but `false` with `command`
   */
  forkServer?: boolean;
}

/** Checked options with their defaults. */
export interface PythonSettings {
  python: string;
  command: readonly string[] | undefined;
  env: Readonly<Record<string, string>>;
  workspace: string | undefined;
  keepWorkspace: boolean;
  interruptGraceMs: number;
  startTimeoutMs: number;
  preload: readonly string[];
  forkServer: boolean;
  sandbox: SandboxSettings;
}

/** @throws CodeActError with code `invalid-option`. */
export function readPythonOptions(options: PythonExecutorOptions): PythonSettings {
  const { python = "python3", env = {}, workspace, keepWorkspace = false } = options;
  const { command, preload = [], forkServer = true } = options;
  if (!isPath(python)) throw invalid("python", "a command or the path of an interpreter");
  if (command !== undefined && !isCommand(command)) {
    throw invalid("command", "a list of a program and its arguments");
  }
  if (command !== undefined && options.python !== undefined) {
    throw invalid("python", "left out beside `command`, which names the interpreter itself");
  }
  if (command !== undefined && options.forkServer === true) {
    throw invalid("forkServer", "left out beside `command`: only local processes can be forked");
  }
  if (workspace !== undefined && !isPath(workspace)) {
    throw invalid("workspace", "the path of a directory");
  }
  if (typeof keepWorkspace !== "boolean") throw invalid("keepWorkspace", "true or false");
  for (const [name, value] of Object.entries(env)) {
    if (!/^[^=\0]+$/.test(name) || typeof value !== "string" || value.includes("\0")) {
      throw invalid("env", "a record of strings, without NUL characters and without = in names");
    }
  }
  if (!Array.isArray(preload) || !preload.every(isModuleName)) {
    throw invalid("preload", "an array of module names");
  }
  if (typeof forkServer !== "boolean") throw invalid("forkServer", "true or false");
  // A command leads to a machine of which nothing is known yet.
  const platform = command === undefined ? process.platform : "linux";
  const sandbox = readSandboxOptions(options, platform);
  if (command !== undefined && sandbox.kind === "strict") {
    throw invalid("sandbox", "left out beside `command`: only local processes can be confined");
  }
  if (sandbox.kind === "strict" && !forkServer) {
    throw invalid("forkServer", 'left out beside `sandbox: "strict"`, which needs it');
  }
  return {
    python,
    command: command && [...command],
    env: { ...env },
    workspace,
    keepWorkspace,
    interruptGraceMs: readDuration("interruptGraceMs", options.interruptGraceMs, 500),
    startTimeoutMs: readDuration("startTimeoutMs", options.startTimeoutMs, 30_000),
    preload: [...preload],
    forkServer: forkServer && command === undefined && process.platform === "linux",
    sandbox,
  };
}

function isModuleName(value: unknown): value is string {
  return typeof value === "string" && /^[^\d\W]\w*(\.[^\d\W]\w*)*$/u.test(value);
}

function isCommand(value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || !isPath(value[0])) return false;
  return value.every((word) => typeof word === "string" && !word.includes("\0"));
}
