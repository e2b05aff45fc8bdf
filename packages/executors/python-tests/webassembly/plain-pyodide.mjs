// Makes the attempts in Pyodide as it is installed: each line of the input is one, each of the output
// says what became of it. The first line of the output has all of them.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { loadPyodide } = await import(createRequire(import.meta.url).resolve("pyodide/pyodide.mjs"));
const python = await loadPyodide({ stdout: () => {}, stderr: () => {} });
const here = new URL("./", import.meta.url);
for (const name of readdirSync(here).filter((name) => name.endsWith(".py"))) {
  python.FS.writeFile(name, readFileSync(new URL(name, here)));
}
const { rows, attempt } = python.pyimport("attempts");
const say = (line) => process.stdout.write(`${line}\n`);
say(rows());
for await (const line of createInterface({ input: process.stdin })) {
  const { index, world } = JSON.parse(line);
  say(await attempt(index, world));
}
process.exit(0);
