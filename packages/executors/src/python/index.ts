export { PythonExecutor } from "./python-executor.js";
export type { PythonExecutorOptions } from "./python-options.js";
export type { SandboxOptions } from "./sandbox-options.js";
