// A model in this process: no server, no key. The first load downloads 1.1 GB, so this example does
// nothing where that has not happened yet (node scripts/fetch-test-model.mjs), and in npm run examples.
import assert from "node:assert/strict";
import { Agent } from "@codeact/core";
import { LlamaModel } from "@codeact/models/llama";
import { cachedModel } from "./cached-model.js";
import { guardedPython } from "./guarded-python.js";

const options = await cachedModel();
if (options === undefined)
  console.log("SKIPPED: there is no embedded model on this machine, or --replay.");
else await ask(await LlamaModel.load({ ...options, maxOutputTokens: 200 }));

async function ask(model: LlamaModel): Promise<void> {
  const executor = guardedPython();
  const agent = new Agent({ model, executor, limits: { steps: 4 } });
  const session = await agent.session();
  try {
    await session.run("Compute with Python: what is 2 to the power of 40?");
    const { usage, status } = await session.run("And to the power of 41?");
    console.log(`${status}: ${usage.cachedInputTokens} of ${usage.inputTokens} tokens reused`);
    // The second run goes on where the first one ended.
    assert.ok(usage.cachedInputTokens > usage.inputTokens / 2);
  } finally {
    await session.close();
    await executor.close();
    await model.close();
  }
}
