import type { FileSystem, Pipes } from "./emscripten.js";

/** The part of Pyodide that is used; some of it is private there, so its version is checked. */
export interface PyodideAPI {
  readonly FS: FileSystem;
  runPython(code: string): unknown;
  loadPackage(
    names: readonly string[],
    options: {
      checkIntegrity: boolean;
      messageCallback(message: string): void;
      errorCallback(message: string): void;
    },
  ): Promise<unknown>;
  setInterruptBuffer(flag: Uint8Array): void;
  setStdin(options: { stdin(): null }): void;
  setStdout(options: StreamOptions): void;
  setStderr(options: StreamOptions): void;
  makeMemorySnapshot(): Uint8Array<ArrayBuffer>;
  readonly _module: {
    /** All of Python's memory; another one when that has grown. */
    readonly HEAPU8: Uint8Array;
    readonly PIPEFS: Pipes;
    /** Whether Python's stack can be switched away now. */
    readonly validSuspender: { readonly value: boolean };
  };
}

/** A function of Python. */
export interface PromisingFunction {
  /** Calls it so that its stack can be switched away. */
  callPromising(): Promise<unknown>;
}

/** A standard stream that takes bytes. */
export interface StreamOptions {
  write(bytes: Uint8Array): number;
  isatty: boolean;
}

/** Options of `loadPyodide`. */
export interface PyodideConfig {
  indexURL: string;
  packageBaseUrl: string;
  createPyodideModule: unknown;
  lockFileContents: object;
  jsglobals: object;
  env: Record<string, string>;
  _makeSnapshot?: boolean;
  _loadSnapshot?: Uint8Array;
}

/** The module `pyodide.mjs`. */
export interface PyodideLoader {
  loadPyodide: (config: PyodideConfig) => Promise<PyodideAPI>;
}
