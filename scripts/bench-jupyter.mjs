// Measures JupyterExecutor against a bare client, with servers that are installed from PyPI.
import path from "node:path";
import "./setup.mjs";
import { jupyterEnvironment } from "./jupyter-environment.mjs";
import { root, run } from "./workspace.mjs";

const program = path.join(root, "bench", "src", "jupyter.ts");
await run([process.execPath, path.join(root, "scripts", "run-typescript.mjs"), program], {
  env: { JUPYTER_PROGRAMS: await jupyterEnvironment() },
});
