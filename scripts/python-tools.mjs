// Gives the Python linters, at pinned versions, in a virtual environment of their own.
import path from "node:path";
import { virtualEnvironment } from "./virtual-environment.mjs";

/** The command line of one of the linters, which are installed on first use. */
export async function pythonTool(name, ...args) {
  const programs = await virtualEnvironment("python-tools", ["ruff==0.17.5", "mypy==1.20.2"]);
  return [path.join(programs, name), ...args];
}
