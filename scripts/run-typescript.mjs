// Runs a TypeScript program of the workspace: node scripts/run-typescript.mjs FILE [ARGUMENT…]
// Our packages resolve to their sources, or to their built files when CODEACT_BUILT=1 is set.
import { spawn } from "node:child_process";
import "./setup.mjs";

const source = ["--conditions=@codeact/source"];
const hook = new URL("register-python-source.mjs", import.meta.url).href;
const child = spawn(
  process.execPath,
  [
    ...(process.env.CODEACT_BUILT === "1" ? [] : source),
    `--import=${import.meta.resolve("tsx")}`,
    `--import=${hook}`,
    ...process.argv.slice(2),
  ],
  { stdio: "inherit" },
);
// Ctrl-C goes to the whole process group: the program decides when to end.
process.on("SIGINT", () => {});
child.on("close", (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 128);
});
