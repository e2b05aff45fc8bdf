// A model of your own is an object with `id` and `generate`. This one is a fixed program.
import assert from "node:assert/strict";
import { Agent, type Model, messageText } from "@codeact/core";
import { PythonExecutor } from "@codeact/executors/python";

const calculator: Model = {
  id: "calculator",
  async *generate({ messages, signal }) {
    signal?.throwIfAborted();
    const last = messages.at(-1);
    const text = last ? messageText(last) : "";
    const formula = /What is (.+)\?/.exec(text)?.[1];
    // A message that begins like an observation would be no answer.
    const answer = text.replace(/^Observation:\s*/, "");
    yield { type: "text", text: formula ? `<execute>${formula}</execute>` : answer };
    yield { type: "finish", reason: "stop" };
  },
};

const executor = new PythonExecutor();
try {
  const result = await new Agent({ model: calculator, executor }).run("What is 2 ** 100?");
  assert.equal(result.status, "answered");
  console.log(result.output);
  assert.match(result.output, /1267650600228229401496703205376/);
} finally {
  await executor.close();
}
