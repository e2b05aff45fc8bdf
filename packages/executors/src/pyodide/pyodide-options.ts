import { isPath, optionChecks } from "../option-checks.js";

const { invalid, readDuration } = optionChecks("PyodideExecutor");

/** Options of a `PyodideExecutor`. */
export interface PyodideExecutorOptions {
  /**
   * Where interpreters live: each in a process of its own, without the permission to reach files or
   * to start processes, or in a thread of this process, which takes less time and memory. Node only.
   * @defaultValue `"process"`
   */
  isolation?: "process" | "worker";
  /**
   * Whether the operating system confines these processes as well: `"auto"` where it can, which
   * `capabilities.isolation` says, or `"required"`, so that nothing starts where it cannot. Linux only.
   * @defaultValue `"auto"`
   */
  confinement?: "auto" | "required";
  /**
   * How long an interrupted cell may take to end, in milliseconds, before its worker is terminated
   * and its variables are lost. @defaultValue 500
   */
  interruptGraceMs?: number;
  /** How long Python may take to start, in milliseconds. @defaultValue 60,000 */
  startTimeoutMs?: number;
  /** Memory that Python may use, in MiB; beyond it Python raises `MemoryError`. @defaultValue 1024 */
  memoryLimitMb?: number;
  /**
   * Where snapshots of a started Python are kept, from which interpreters start several times as fast;
   * `false` keeps them in memory only. Whoever can write there controls the code. Node only.
   * @defaultValue `codeact` in the user's directory for caches
   */
  cacheDirectory?: string | false;
}

/** Checked options with their defaults. */
export interface PyodideSettings {
  isolation: "process" | "worker";
  confinement: "auto" | "required";
  interruptGraceMs: number;
  startTimeoutMs: number;
  memoryLimitBytes: number;
  cacheDirectory: string | false | undefined;
}

const mebibyte = 1_048_576;
/** Python itself takes about 30. WebAssembly has addresses for 4096. */
const minMemoryMb = 64;
const maxMemoryMb = 4096;

/** @throws CodeActError with code `invalid-option`. */
export function readPyodideOptions(options: PyodideExecutorOptions): PyodideSettings {
  const { isolation = "process", confinement = "auto" } = options;
  const { memoryLimitMb = 1024, cacheDirectory } = options;
  if (isolation !== "process" && isolation !== "worker") {
    throw invalid("isolation", '"process" or "worker"');
  }
  if (confinement !== "auto" && confinement !== "required") {
    throw invalid("confinement", '"auto" or "required"');
  }
  if (confinement === "required" && isolation === "worker") {
    throw invalid(
      "confinement",
      'left out beside `isolation: "worker"`: only processes are confined',
    );
  }
  if (
    !(
      Number.isInteger(memoryLimitMb) &&
      memoryLimitMb >= minMemoryMb &&
      memoryLimitMb <= maxMemoryMb
    )
  ) {
    throw invalid("memoryLimitMb", `a whole number from ${minMemoryMb} to ${maxMemoryMb}`);
  }
  if (cacheDirectory !== undefined && cacheDirectory !== false && !isPath(cacheDirectory)) {
    throw invalid("cacheDirectory", "the path of a directory, or false");
  }
  return {
    isolation,
    confinement,
    interruptGraceMs: readDuration("interruptGraceMs", options.interruptGraceMs, 500),
    startTimeoutMs: readDuration("startTimeoutMs", options.startTimeoutMs, 60_000),
    memoryLimitBytes: memoryLimitMb * mebibyte,
    cacheDirectory,
  };
}
