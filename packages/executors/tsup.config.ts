import { packageBuild } from "../../tsup.shared.js";

export default packageBuild({
  entry: {
    jupyter: "src/jupyter/index.ts",
    pyodide: "src/pyodide/index.ts",
    "pyodide-browser": "src/pyodide/browser/index.ts",
    "pyodide-worker": "src/pyodide/worker/browser-worker.ts",
    python: "src/python/index.ts",
  },
  platform: "node",
});
