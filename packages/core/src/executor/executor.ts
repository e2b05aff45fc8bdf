import type { ExecutionResult } from "./execution-result.js";
import type { Output } from "./output.js";
import type { ToolCallHandler, ToolDeclaration } from "./tool-call.js";
import type { WorkspaceFiles } from "./workspace-files.js";

/** What an interpreter needs from its user at the start. */
export interface StartOptions {
  /** Host tools, defined as functions in the interpreter's namespace. @defaultValue none */
  tools?: readonly ToolDeclaration[];
  /** Gives up starting. */
  signal?: AbortSignal;
}

/** What an interpreter can do; the conformance suite asserts each, or its declared refusal. */
export interface InterpreterCapabilities {
  /** `fork()` exists. */
  fork: boolean;
  /** `threading` works. */
  threads: boolean;
  /** `subprocess` and `!command` work. */
  subprocess: boolean;
  /** Whether an endless Python loop can be interrupted with the namespace kept. */
  interrupt: "keeps-state" | "terminates";
  /** Tool calls of several threads overlap on the host; otherwise they come one at a time. */
  concurrentToolCalls: boolean;
  /** A promise returned by `onOutput` slows the cell down. */
  backPressure: boolean;
  /** `files` works while a cell runs. */
  filesWhileBusy: boolean;
  /** What is enforced against the code, in words, each with its mechanism; empty for nothing. */
  isolation: readonly string[];
}

/** Options of one cell. */
export interface ExecuteOptions {
  /** Interrupts the cell; the result then has status `interrupted`. */
  signal?: AbortSignal;
  /**
   * Interrupts the cell after this long; the result then has status `timeout`. Time in which the
   * clock is paused does not count. @defaultValue no limit
   */
  timeoutMs?: number;
  /**
   * Receives output while the cell runs. Where `capabilities.backPressure` holds, a returned
   * promise must settle before more is delivered.
   */
  onOutput?: (output: Output) => void | Promise<void>;
  /** Answers tool calls. @defaultValue every call is refused with a `ToolError` */
  onToolCall?: ToolCallHandler;
  /** Bytes of output kept in the result and delivered to `onOutput`. @defaultValue 1,000,000 */
  maxOutputBytes?: number;
}

/**
 * A live Python with a namespace of its own. Python exceptions are data in the
 * {@link ExecutionResult}; only faults of the infrastructure reject.
 */
export interface Interpreter {
  readonly state: "idle" | "busy" | "closed";
  readonly capabilities: InterpreterCapabilities;
  /** The workspace: the directory in which the code runs. */
  readonly files: WorkspaceFiles;
  /**
   * Runs one cell. One runs at a time; further calls queue in order.
   * @throws `CodeActError` with code `executor-closed` after `close()`, `executor-fault` or
   * `executor-start` when no interpreter can be had any more.
   */
  execute(code: string, options?: ExecuteOptions): Promise<ExecutionResult>;
  /** Interrupts the running cell, if any; resolves when it has ended. */
  interrupt(): Promise<void>;
  /** Gives the interpreter an empty namespace. Workspace files stay. */
  reset(): Promise<void>;
  /** Ends the interpreter and everything that it started. Idempotent. */
  close(): Promise<void>;
  /**
   * A second live interpreter with the same variables, independent from then on. Present where
   * `capabilities.fork` holds.
   * @throws `CodeActError` with code `fork` when busy or when the state cannot be copied.
   */
  fork?(options?: ForkOptions): Promise<Interpreter>;
}

/** Options of a fork. */
export interface ForkOptions {
  /** Whether the branch gets a copy of the workspace or works in the same. @defaultValue `"copy"` */
  workspace?: "copy" | "share";
}

/**
 * Starts interpreters. Executors live in `@codeact/executors`; tests use `FakeExecutor`.
 */
export interface Executor {
  /** Names the executor in events and errors, for example `python`. */
  readonly name: string;
  /**
   * Starts an interpreter.
   * @throws `CodeActError` with code `executor-start`, or `signal.reason` when aborted.
   */
  start(options?: StartOptions): Promise<Interpreter>;
  /** Closes every interpreter that it started, and itself. Idempotent. */
  close(): Promise<void>;
}
