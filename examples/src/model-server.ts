// A model of this process as a server for clients of the OpenAI API, which is asked by one of them:
// node scripts/run-typescript.mjs examples/src/model-server.ts [PORT]
// With a port the server stays until Ctrl-C.
import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type Model } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { LlamaModel } from "@codeact/models/llama";
import { OpenAIModel } from "@codeact/models/openai";
import { cachedModel } from "./cached-model.js";
import { guardedPython } from "./guarded-python.js";
import { serveModel } from "./model-server/serve-model.js";

const port = Number(process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? 0);
const options = await cachedModel();
const embedded = options && (await LlamaModel.load(options));
const served: Model =
  embedded ?? new ScriptedModel(["<execute>print(12 * 12)</execute>", "12 times 12 is 144."]);
const server = await serveModel(served, port);
console.log(`${served.id} at ${server.baseURL}`);
if (port === 0) await askIt();
else await once(process, "SIGINT");
await server.close();
await embedded?.close();

async function askIt(): Promise<void> {
  const executor = guardedPython();
  try {
    const model = new OpenAIModel({ model: "embedded", baseURL: server.baseURL });
    const result = await new Agent({ model, executor }).run("What is 12 times 12?");
    assert.equal(result.status, "answered");
    console.log(result.output);
  } finally {
    await executor.close();
  }
}
