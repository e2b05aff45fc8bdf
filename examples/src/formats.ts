// One task in the four action formats. Code loops over three cities in a single action; a format
// with one call an action needs a message for each.
import assert from "node:assert/strict";
import {
  type ActionFormat,
  Agent,
  codeFormat,
  jsonFormat,
  nativeToolFormat,
  textFormat,
  tool,
} from "@codeact/core";
import type { ScriptedReply } from "@codeact/core/testing";
import { PythonExecutor } from "@codeact/executors/python";
import { z } from "zod";
import { modelOr } from "./model.js";

const celsius: Record<string, number> = { Oslo: 3, Rome: 19, Cairo: 27 };
const cities = Object.keys(celsius);

const weather = tool({
  name: "get_temperature",
  description: "Current temperature of a city in degrees Celsius.",
  inputSchema: z.object({ city: z.string() }),
  outputSchema: z.number(),
  execute: ({ city }) => celsius[city] ?? Number.NaN,
});

const code = `print({city: get_temperature(city) for city in ${JSON.stringify(cities)}})`;
const compared: { format: ActionFormat; replies: ScriptedReply[] }[] = [
  { format: codeFormat(), replies: [`<execute>${code}</execute>`] },
  {
    format: nativeToolFormat(),
    replies: [{ toolCalls: [{ name: "execute_python", arguments: { code } }] }],
  },
  {
    format: jsonFormat(),
    replies: cities.map((city) => JSON.stringify({ tool: "get_temperature", args: { city } })),
  },
  { format: textFormat(), replies: cities.map((city) => `Action: get_temperature, city=${city}`) },
];

const executor = new PythonExecutor();
try {
  for (const { format, replies } of compared) {
    const model = modelOr([...replies, "Cairo"]);
    const agent = new Agent({ model, executor, tools: [weather], actionFormat: format });
    const result = await agent.run(`Which of ${cities.join(", ")} is the warmest? Name only.`);
    assert.equal(result.status, "answered");
    assert.match(result.output, /Cairo/);
    console.log(`${format.name}: ${result.output} after ${result.steps} steps`);
  }
} finally {
  await executor.close();
}
