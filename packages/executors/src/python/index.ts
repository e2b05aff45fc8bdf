export { PythonExecutor } from "./python-executor.js";
export type { PythonExecutorOptions } from "./python-options.js";
