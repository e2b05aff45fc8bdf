// Streaming: every event of a run, as it happens. A UI is a loop over them.
import assert from "node:assert/strict";
import { Agent, type AgentEvent } from "@codeact/core";
import { PythonExecutor } from "@codeact/executors/python";
import { modelOr } from "./model.js";

/** One line of a UI for an event; most events need none. */
function lineFor(event: AgentEvent): string | undefined {
  switch (event.type) {
    case "start":
      return `▶ ${event.agent.name} with ${event.model}`;
    case "action":
      return `⚙ runs ${event.action.type === "code" ? event.action.code.trim() : event.action.name}`;
    case "observation":
      return `← ${event.status} in ${Math.round(event.durationMs)} ms`;
    case "finish":
      return `■ ${event.status} after ${event.steps} steps`;
    case "error":
      return `✗ ${event.error.message}`;
    default:
      return undefined;
  }
}

const model = modelOr([
  "I count to three.\n\n<execute>\nfor number in range(1, 4):\n    print(number)\n</execute>",
  "I counted: 1, 2, 3.",
]);

const executor = new PythonExecutor();
const agent = new Agent({ model, executor, name: "counter" });
const seen: AgentEvent["type"][] = [];
let output = "";
try {
  const stream = agent.stream("Count to three in Python.");
  for await (const event of stream) {
    seen.push(event.type);
    if (event.type === "output" && event.output.type === "text") output += event.output.text;
    const line = lineFor(event);
    if (line) console.log(line);
  }
  const result = await stream.result;
  assert.equal(result.status, "answered");
  console.log(result.output);
} finally {
  await executor.close();
}
assert.equal(output, "1\n2\n3\n");
assert.equal(seen[0], "start");
assert.equal(seen.at(-1), "finish");
