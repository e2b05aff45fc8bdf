import { resolve } from "node:path";
import { CodeActError } from "@codeact/core";
import type { ResourceLimits } from "../bridge/host-frame.js";
import { isPath, optionChecks } from "../option-checks.js";

const { invalid } = optionChecks("PythonExecutor");

/** What code may do, of the options of a `PythonExecutor`. */
export interface SandboxOptions {
  /**
   * `"strict"` confines each interpreter by the means of the Linux kernel: no network, no files but
   * Python's, the workspace and `readablePaths`, no other processes, no privileges. A machine that
   * cannot do so is told by an error of `start()` with code `sandbox`; nothing is left out silently.
   * `"none"` gives the code the rights of this process. See docs/sandbox.md for what is not covered.
   * @defaultValue `"none"`: not every machine and container allows the other
   */
  sandbox?: "strict" | "none";
  /** What confined code may read besides: existing files and directories. @defaultValue none */
  readablePaths?: readonly string[];
  /**
   * Address space of each process, in MiB; numpy and pandas need about 512. Linux only.
   * @defaultValue 2048 with `sandbox: "strict"`, else no limit
   */
  memoryMb?: number;
  /**
   * Processes and threads of an interpreter and its branches together. Needs `sandbox: "strict"`:
   * elsewhere the system counts all processes of the user.
   * @defaultValue 256
   */
  maxProcesses?: number;
  /**
   * Size of each file that is written, in MiB. Not on Windows.
   * @defaultValue 1024 with `sandbox: "strict"`, else no limit
   */
  maxFileSizeMb?: number;
}

/** Checked options with their defaults. */
export type SandboxSettings = StrictSandbox | NoSandbox;

/** What confines each interpreter. */
export interface StrictSandbox {
  kind: "strict";
  readablePaths: readonly string[];
  memoryBytes: number;
  maxProcesses: number;
  fileSizeBytes: number;
}

/** Nothing confines an interpreter; each of its processes can have limits all the same. */
export interface NoSandbox {
  kind: "none";
  limits: ResourceLimits;
}

const mib = 2 ** 20;
/** More bytes than that are not exact in JavaScript. */
const maxMb = 2 ** 32;

/** @throws CodeActError with code `invalid-option`, or `unsupported` on this platform. */
export function readSandboxOptions(
  options: SandboxOptions,
  platform: NodeJS.Platform = process.platform,
): SandboxSettings {
  const { sandbox = "none", readablePaths = [] } = options;
  if (sandbox !== "strict" && sandbox !== "none") throw invalid("sandbox", '"strict" or "none"');
  if (!Array.isArray(readablePaths) || !readablePaths.every(isPath)) {
    throw invalid("readablePaths", "an array of paths");
  }
  const memoryMb = readSize("memoryMb", options.memoryMb);
  const maxProcesses = readSize("maxProcesses", options.maxProcesses);
  const maxFileSizeMb = readSize("maxFileSizeMb", options.maxFileSizeMb);
  if (sandbox === "strict") {
    return {
      kind: "strict",
      readablePaths: readablePaths.map((path: string) => resolve(path)),
      memoryBytes: (memoryMb ?? 2048) * mib,
      maxProcesses: maxProcesses ?? 256,
      fileSizeBytes: (maxFileSizeMb ?? 1024) * mib,
    };
  }
  if (readablePaths.length > 0) {
    throw invalid(
      "readablePaths",
      'left out without `sandbox: "strict"`: the code reads all files',
    );
  }
  if (maxProcesses !== undefined) {
    throw invalid(
      "maxProcesses",
      'left out without `sandbox: "strict"`: the system would count all processes of this user',
    );
  }
  if (memoryMb !== undefined && platform !== "linux") throw unsupported("memoryMb", platform);
  if (maxFileSizeMb !== undefined && platform === "win32") {
    throw unsupported("maxFileSizeMb", platform);
  }
  const limits: ResourceLimits = {};
  if (memoryMb !== undefined) limits.memoryBytes = memoryMb * mib;
  if (maxFileSizeMb !== undefined) limits.fileSizeBytes = maxFileSizeMb * mib;
  return { kind: "none", limits };
}

function readSize(name: string, value: number | undefined): number | undefined {
  if (value !== undefined && !(Number.isInteger(value) && value > 0 && value <= maxMb)) {
    throw invalid(name, "a positive whole number");
  }
  return value;
}

function unsupported(name: string, platform: string): CodeActError {
  return new CodeActError(
    "unsupported",
    `PythonExecutor: the option "${name}" has no effect on ${platform}. ` +
      "Leave it out, or run Python in a Linux container.",
  );
}
