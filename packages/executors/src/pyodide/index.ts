export { PyodideExecutor } from "./pyodide-executor.js";
export type { PyodideExecutorOptions, PyodideWorker } from "./pyodide-options.js";
