// A sub-agent is a tool: the outer agent's Python calls it like any function, here in a loop.
import assert from "node:assert/strict";
import { Agent } from "@codeact/core";
import { PythonExecutor } from "@codeact/executors/python";
import { z } from "zod";
import { modelOr } from "./model.js";

const executor = new PythonExecutor();
const counter = new Agent({
  name: "count_letters",
  description: "Counts how often a letter occurs in a word.",
  model: modelOr([
    `<execute>final_answer("strawberry".count("r"))</execute>`,
    `<execute>final_answer("banana".count("a"))</execute>`,
  ]),
  executor,
  outputSchema: z.int(),
});
const editor = new Agent({
  name: "editor",
  model: modelOr([
    `<execute>
counts = {}
for word, letter in [("strawberry", "r"), ("banana", "a")]:
    counts[word] = count_letters(f"How often is {letter} in {word}?")
final_answer(counts)
</execute>`,
  ]),
  executor,
  tools: [counter.asTool()],
  outputSchema: z.record(z.string(), z.int()),
});

try {
  const result = await editor.run("Count r in strawberry and a in banana.", {
    // Events of the sub-agent come too, told apart by their depth.
    onEvent: ({ type, depth }) => {
      if (type === "start" || type === "finish") console.log(`${"  ".repeat(depth)}${type}`);
    },
  });
  assert.equal(result.status, "answered");
  console.log(result.output);
  assert.deepEqual(result.output, { strawberry: 3, banana: 3 });
  // The requests of both agents are counted.
  assert.ok(result.usage.requests >= 3);
} finally {
  await executor.close();
}
