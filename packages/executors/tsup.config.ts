import { packageBuild } from "../../tsup.shared.js";

export default packageBuild({
  entry: {
    jupyter: "src/jupyter/index.ts",
    pyodide: "src/pyodide/index.ts",
    python: "src/python/index.ts",
  },
  platform: "node",
});
