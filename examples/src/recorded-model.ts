// Record a model's exchanges once, replay them as often as you like: runs without a key or a cost.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Agent, type Model } from "@codeact/core";
import { PythonExecutor } from "@codeact/executors/python";
import { RecordedModel, readRecording, recordModel } from "@codeact/models/recorded";
import { modelOr } from "./model.js";

const task = "What is the sum of the first hundred squares?";
const folder = await mkdtemp(path.join(tmpdir(), "codeact-recording-"));
const file = path.join(folder, "squares.jsonl");
const executor = new PythonExecutor();

async function answer(model: Model): Promise<string> {
  const result = await new Agent({ model, executor }).run(task);
  assert.equal(result.status, "answered");
  return result.output;
}

try {
  const live = modelOr([
    "<execute>sum(n * n for n in range(1, 101))</execute>",
    "The sum is 338350.",
  ]);
  const first = await answer(recordModel(live, { path: file }));

  // "request" finds the exchange of each request, and so notices when a prompt has changed.
  const recorded = new RecordedModel({ exchanges: await readRecording(file), match: "request" });
  const second = await answer(recorded);
  recorded.assertDone();

  console.log(second);
  assert.equal(second, first);
  assert.match(second, /338,?350/);
} finally {
  await executor.close();
  await rm(folder, { recursive: true, force: true });
}
