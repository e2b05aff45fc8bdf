export { PyodideExecutor } from "./pyodide-executor.js";
export type { PyodideExecutorOptions } from "./pyodide-options.js";
