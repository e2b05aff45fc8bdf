import { packageBuild } from "../../tsup.shared.js";

export default packageBuild({
  entry: { python: "src/python/index.ts", pyodide: "src/pyodide/index.ts" },
  platform: "node",
});
