// An agent that writes Python where no Python is installed: it runs in WebAssembly.
import assert from "node:assert/strict";
import { Agent, tool } from "@codeact/core";
import { PyodideExecutor } from "@codeact/executors/pyodide";
import { z } from "zod";
import { modelOr } from "./model.js";

const readings = tool({
  name: "get_readings",
  description: "Water levels of a station, in centimetres, oldest first.",
  inputSchema: z.object({ station: z.string() }),
  outputSchema: z.array(z.number()),
  execute: () => [212, 215, 231, 260, 304, 297],
});

const model = modelOr([
  `<execute>
from statistics import median
levels = get_readings("Cologne")
rises = [later - earlier for earlier, later in zip(levels, levels[1:])]
max(rises), median(levels)
</execute>`,
  "The level rose fastest by 44 cm; the median is 245.5 cm.",
]);

// The first start on a machine takes seconds and leaves a snapshot, from which others start.
const executor = new PyodideExecutor();
const agent = new Agent({ model, executor, tools: [readings] });
agent.on("observation", ({ text }) => console.log(text));
try {
  const result = await agent.run("How fast did the Rhine rise at Cologne at most?");
  assert.equal(result.status, "answered");
  console.log(result.output);
  assert.match(result.output, /44/);
} finally {
  await executor.close();
}
