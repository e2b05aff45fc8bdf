// The smallest agent: a model, a Python, one tool.
import assert from "node:assert/strict";
import { Agent, tool } from "@codeact/core";
import { PythonExecutor } from "@codeact/executors/python";
import { z } from "zod";
import { modelOr } from "./model.js";

const temperatures: Record<string, number> = { Oslo: 3, Rome: 19, Cairo: 27 };

const weather = tool({
  name: "get_temperature",
  description: "Current temperature of a city in degrees Celsius.",
  inputSchema: z.object({ city: z.string() }),
  outputSchema: z.number(),
  execute: ({ city }) => {
    const celsius = temperatures[city];
    if (celsius === undefined) throw new Error(`No weather station in ${city}.`);
    return celsius;
  },
});

const model = modelOr([
  `<execute>
readings = {city: get_temperature(city) for city in ["Oslo", "Rome", "Cairo"]}
max(readings, key=readings.get), readings
</execute>`,
  "Cairo is the warmest, with 27 °C.",
]);

const executor = new PythonExecutor();
const agent = new Agent({ model, executor, tools: [weather] });
agent.on("action", ({ action }) => action.type === "code" && console.log(action.code));
agent.on("observation", ({ text }) => console.log(text));
try {
  const result = await agent.run("Which of Oslo, Rome and Cairo is the warmest right now?");
  assert.equal(result.status, "answered");
  console.log(result.output);
  assert.match(result.output, /Cairo/);
} finally {
  await executor.close();
}
