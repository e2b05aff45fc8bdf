import { isPath, optionChecks } from "../option-checks.js";

const { invalid, readDuration } = optionChecks("PyodideExecutor");

/** The part of a web worker that is used. */
export interface PyodideWorker {
  postMessage(message: unknown): void;
  addEventListener(
    type: "message" | "messageerror" | "error",
    listener: (event: object) => void,
  ): void;
  terminate(): void;
}

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
  /** How long a start may take, with all that it loads, in milliseconds. @defaultValue 60,000 */
  startTimeoutMs?: number;
  /**
   * Memory that Python may use, in MiB; beyond it Python raises `MemoryError`. All files of an
   * interpreter together may take as much besides; beyond that it raises `OSError`. @defaultValue 1024
   */
  memoryLimitMb?: number;
  /**
   * Where snapshots of a started Python are kept, from which interpreters start several times as fast;
   * `false` keeps them in memory only. Whoever can write there controls the code.
   * @defaultValue `codeact` in the user's directory for caches; in browsers always their cache storage
   */
  cacheDirectory?: string | false;
  /**
   * Where Pyodide is served: the URL of a directory with the files of the package `pyodide`. Browsers
   * only; Node takes the installed package.
   * @defaultValue that of the tested version on jsDelivr
   */
  indexUrl?: string | URL;
  /**
   * The program of the entry `@codeact/executors/pyodide/worker`, for pages that may not start workers
   * from `blob:` URLs: its URL, or what starts it as a module. Browsers only.
   * @defaultValue a copy of the program that comes with the executor
   */
  worker?: string | URL | (() => PyodideWorker);
  /**
   * Packages that the code can import: names in Pyodide's lock file, which bring what they depend on, and
   * wheels by paths or URLs, which do not. Your process or page loads them, and checks the hashes of the
   * first. In browsers there are only URLs. @defaultValue none
   */
  packages?: readonly string[];
  /**
   * Where the packages are: a directory, or the URL of one, with `pyodide-lock.json` and the wheels that
   * it names. In browsers a URL. @defaultValue that of the installed version on jsDelivr, by its own lock file
   */
  packageBaseUrl?: string;
  /**
   * What the code itself may install, by `%pip install` and `micropip.install`: wheels of these places, the
   * URLs of indexes such as `https://pypi.org/simple/` and, in Node, directories; and Pyodide's own packages.
   * Your process or page requests what the code names, so indexes learn these names. Of several places, the
   * first that has a wheel for a name is the only one for that name. @defaultValue nothing
   */
  installFrom?: string | readonly string[];
  /**
   * How many interpreters wait, started ahead once the first is there, so that `start`, `reset` and a start
   * after a loss take a fraction of the time. Each takes the memory of an interpreter. @defaultValue 0
   */
  spareInterpreters?: number;
}

/** Checked options with their defaults. */
export interface PyodideSettings {
  isolation: "process" | "worker";
  confinement: "auto" | "required";
  interruptGraceMs: number;
  startTimeoutMs: number;
  memoryLimitBytes: number;
  cacheDirectory: string | false | undefined;
  indexUrl: string | URL | undefined;
  worker: string | URL | (() => PyodideWorker) | undefined;
  packages: readonly string[];
  packageBaseUrl: string | undefined;
  /** `undefined` when the code may install nothing. */
  installFrom: readonly string[] | undefined;
  spareInterpreters: number;
}

const mebibyte = 1_048_576;
/** Python itself takes about 30. WebAssembly has addresses for 4096. */
const minMemoryMb = 64;
const maxMemoryMb = 4096;
const maxSpareInterpreters = 64;

/** @throws CodeActError with code `invalid-option`. */
export function readPyodideOptions(options: PyodideExecutorOptions): PyodideSettings {
  const { isolation = "process", confinement = "auto" } = options;
  const { memoryLimitMb = 1024, cacheDirectory, indexUrl, worker } = options;
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
  if (indexUrl !== undefined && !isUrl(indexUrl)) throw invalid("indexUrl", "a URL");
  if (worker !== undefined && typeof worker !== "function" && !isUrl(worker)) {
    throw invalid("worker", "a URL, or a function that starts a worker");
  }
  const { packages = [], packageBaseUrl, installFrom, spareInterpreters = 0 } = options;
  if (!Array.isArray(packages) || !packages.every(isPath)) {
    throw invalid("packages", "an array of names of packages and of wheels");
  }
  if (packageBaseUrl !== undefined && !isPath(packageBaseUrl)) {
    throw invalid("packageBaseUrl", "the path or the URL of a directory");
  }
  const places = typeof installFrom === "string" ? [installFrom] : installFrom;
  if (places !== undefined && !(Array.isArray(places) && places.every(isPath))) {
    throw invalid(
      "installFrom",
      "the URL of an index, the path of a directory, or an array of these",
    );
  }
  if (
    !(
      Number.isInteger(spareInterpreters) &&
      spareInterpreters >= 0 &&
      spareInterpreters <= maxSpareInterpreters
    )
  ) {
    throw invalid("spareInterpreters", `a whole number from 0 to ${maxSpareInterpreters}`);
  }
  return {
    isolation,
    confinement,
    interruptGraceMs: readDuration("interruptGraceMs", options.interruptGraceMs, 500),
    startTimeoutMs: readDuration("startTimeoutMs", options.startTimeoutMs, 60_000),
    memoryLimitBytes: memoryLimitMb * mebibyte,
    cacheDirectory,
    indexUrl,
    worker,
    packages: [...packages],
    packageBaseUrl,
    installFrom: places,
    spareInterpreters,
  };
}

/** Whether it can be a URL, absolute or not. */
function isUrl(value: unknown): boolean {
  return value instanceof URL || (typeof value === "string" && value !== "");
}
