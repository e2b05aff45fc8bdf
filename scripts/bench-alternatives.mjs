// Compares the Python executor with what one would take instead, installed from PyPI.
import path from "node:path";
import "./setup.mjs";
import { root, run } from "./workspace.mjs";
import { virtualEnvironment } from "./virtual-environment.mjs";

const programs = await virtualEnvironment("python-alternatives", [
  "jupyter_client==8.10.0",
  "ipykernel==7.4.0",
  "smolagents==1.26.0",
]);
const program = path.join(root, "bench", "src", "alternatives", "main.ts");
await run([process.execPath, path.join(root, "scripts", "run-typescript.mjs"), program], {
  env: { PYTHON: path.join(programs, "python") },
});
