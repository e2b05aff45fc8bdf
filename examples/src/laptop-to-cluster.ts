// The same agent on a laptop and on a cluster: one line says where its Python runs. Start a server
// (`jupyter server`, or examples/jupyter/compose.yaml) and name it by JUPYTER_URL and JUPYTER_TOKEN;
// JUPYTER_KERNEL chooses one of its kernels. Without it the cells run in a local process.
import assert from "node:assert/strict";
import { Agent, type Executor, tool } from "@codeact/core";
import { JupyterExecutor } from "@codeact/executors/jupyter";
import { PythonExecutor } from "@codeact/executors/python";
import { z } from "zod";
import { modelOr } from "./model.js";

const { JUPYTER_URL: baseUrl, JUPYTER_TOKEN: token, JUPYTER_KERNEL: kernelName } = process.env;
const place = {
  ...(token === undefined ? {} : { token }),
  ...(kernelName === undefined ? {} : { kernelName }),
};
// The line.
const executor: Executor = baseUrl
  ? new JupyterExecutor({ baseUrl, ...place })
  : new PythonExecutor();
if (!baseUrl) console.log("JUPYTER_URL is not set: the cells run in a local process.");

const model = modelOr([
  `<execute>
import statistics
readings = measure.map(["north", "south", "west"])
with open("readings.csv", "w") as file:
    file.writelines(f"{value}\\n" for value in readings)
print(statistics.mean(readings))
</execute>`,
  "The mean of the three stations is 12 degrees.",
]);

const celsius: Readonly<Record<string, number>> = { north: 7, south: 18, west: 11 };
const measure = tool({
  name: "measure",
  description: "The temperature at a station, in degrees Celsius.",
  inputSchema: z.object({ station: z.enum(["north", "south", "west"]) }),
  outputSchema: z.number(),
  // It runs here, wherever the Python is: the sensors need not be reachable from there.
  execute: async ({ station }) => celsius[station] ?? 0,
});

const session = await new Agent({ model, executor, tools: [measure] }).session();
try {
  const result = await session.run(
    "What is the mean temperature of the stations? Write one reading a line to readings.csv.",
  );
  assert.equal(result.status, "answered");
  console.log(result.output);
  assert.match(result.output, /12/);
  const csv = new TextDecoder().decode(await session.files.read("readings.csv"));
  assert.deepEqual(csv.trim().split("\n"), ["7", "18", "11"]);
} finally {
  await session.close();
  await executor.close();
}
