import { fileURLToPath } from "node:url";

/** Where tests keep snapshots: with what the scripts of the workspace produce. */
export const testCache = fileURLToPath(new URL("../../../../.cache/pyodide", import.meta.url));
