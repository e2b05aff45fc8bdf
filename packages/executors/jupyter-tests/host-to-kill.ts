import { JupyterExecutor } from "../src/jupyter/index.js";

/** A host of its own that is killed while a cell runs; the cell tells its process and directory. */
const executor = new JupyterExecutor({
  baseUrl: process.env["JUPYTER_URL"] ?? "",
  token: process.env["JUPYTER_TOKEN"] ?? "",
  orphanTimeoutMs: 4_000,
});
const python = await executor.start();
const code = "import os, time\nprint(os.getpid(), os.getcwd())\ntime.sleep(600)";
await python.execute(code, {
  onOutput: (output) => {
    if (output.type === "text") process.stdout.write(output.text);
  },
});
