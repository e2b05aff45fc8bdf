export { JupyterExecutor } from "./jupyter-executor.js";
export type { JupyterExecutorOptions } from "./jupyter-options.js";
