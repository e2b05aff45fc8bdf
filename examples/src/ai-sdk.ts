// Any provider of the Vercel AI SDK is a model. Here Anthropic's; with ANTHROPIC_API_KEY it is the
// real one, else its API is a function that plays two prepared answers.
import assert from "node:assert/strict";
import { createAnthropic } from "@ai-sdk/anthropic";
import { Agent } from "@codeact/core";
import { PythonExecutor } from "@codeact/executors/python";
import { aiSdkModel } from "@codeact/models/ai-sdk";

const answers = ["<execute>sum(range(1, 1001))</execute>", "The sum is 500500."];

/** Answers like the API, with the next of the prepared texts. */
async function preparedApi(): Promise<Response> {
  const text = answers.shift();
  assert(text);
  const usage = { input_tokens: 400, output_tokens: 20 };
  const start = { id: "msg_1", type: "message", role: "assistant", model: "m", content: [], usage };
  const events = [
    { type: "message_start", message: start },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage },
    { type: "message_stop" },
  ];
  const lines = events.map((event) => `data: ${JSON.stringify(event)}\n\n`);
  return new Response(lines.join(""), { headers: { "content-type": "text/event-stream" } });
}

const anthropic = createAnthropic(
  process.env["ANTHROPIC_API_KEY"] ? {} : { apiKey: "none", fetch: preparedApi },
);
const executor = new PythonExecutor();
try {
  const model = aiSdkModel(anthropic("claude-sonnet-4-5"));
  const result = await new Agent({ model, executor }).run("What is the sum from 1 to 1000?");
  assert.equal(result.status, "answered");
  console.log(result.output);
  assert.match(result.output, /500,?500/);
} finally {
  await executor.close();
}
