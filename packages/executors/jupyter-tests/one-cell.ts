import { JupyterExecutor } from "../src/jupyter/index.js";

/** A host of its own: runs one cell with a tool on the server of its environment. */
const executor = new JupyterExecutor({
  baseUrl: process.env["JUPYTER_URL"] ?? "",
  token: process.env["JUPYTER_TOKEN"] ?? "",
});
try {
  const python = await executor.start();
  const { status, outputs } = await python.execute("print(6 * 7)");
  console.log(status, JSON.stringify(outputs));
} finally {
  await executor.close();
}
