// Gives the Python linters, at pinned versions, in a virtual environment of their own.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheFolder, run } from "./workspace.mjs";

const requirements = ["ruff==0.17.5", "mypy==1.20.2"];
const folder = path.join(cacheFolder, "python-tools");
const binaries = path.join(folder, process.platform === "win32" ? "Scripts" : "bin");
const marker = path.join(folder, "requirements.txt");

async function install() {
  const wanted = requirements.join("\n");
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  await run(["python3", "-m", "venv", "--clear", folder]);
  const pip = [path.join(binaries, "python"), "-m", "pip", "--disable-pip-version-check"];
  await run([...pip, "install", "--quiet", ...requirements]);
  writeFileSync(marker, wanted);
}

/** The command line of one of the linters, which are installed on first use. */
export async function pythonTool(name, ...args) {
  await install();
  return [path.join(binaries, name), ...args];
}
