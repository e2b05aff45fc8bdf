// Python virtual environments in the cache folder, made on first use.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheFolder, run } from "./workspace.mjs";

/** The folder of the programs of a virtual environment that holds these requirements. */
export async function virtualEnvironment(name, requirements) {
  const folder = path.join(cacheFolder, name);
  const programs = path.join(folder, process.platform === "win32" ? "Scripts" : "bin");
  const marker = path.join(folder, "requirements.txt");
  const wanted = requirements.join("\n");
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return programs;
  await run(["python3", "-m", "venv", "--clear", folder]);
  const pip = [path.join(programs, "python"), "-m", "pip", "--disable-pip-version-check"];
  if (requirements.length > 0) await run([...pip, "install", "--quiet", ...requirements]);
  writeFileSync(marker, wanted);
  return programs;
}
