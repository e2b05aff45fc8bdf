/*
 * What the adapters of models cost until the first token: each against the bare client under it,
 * in turn, with a server on loopback that answers at once.
 *
 *   node scripts/run-typescript.mjs bench/src/models.ts
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { Message, Model } from "@codeact/core";
import { aiSdkModel } from "@codeact/models/ai-sdk";
import { OpenAIModel } from "@codeact/models/openai";
import { OpenAI } from "openai";
import { printFigures, printMachine } from "./support/report.js";
import { summarize } from "./support/statistics.js";

const rounds = 1_000;
const warmUp = 30;

const chunk = (delta: object, finish_reason: string | null = null) => ({
  id: "c",
  object: "chat.completion.chunk",
  created: 0,
  model: "m",
  choices: [{ index: 0, delta, finish_reason }],
});
const completion = [chunk({ content: "first" }), chunk({ content: " token" }), chunk({}, "stop")];
const response = { id: "r", status: "completed", error: null, output: [] };
const text = { item_id: "i", output_index: 0, content_index: 0, logprobs: [] };
const responseEvents = [
  { type: "response.created", response },
  { type: "response.output_text.delta", ...text, delta: "first" },
  { type: "response.output_text.delta", ...text, delta: " token" },
  { type: "response.completed", response },
];

const server = createServer((request, answer) => {
  request.resume().on("end", () => {
    const isResponses = request.url?.endsWith("/responses") === true;
    answer.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of isResponses ? responseEvents : completion) {
      answer.write(`data: ${JSON.stringify(event)}\n\n`);
    }
    answer.end(isResponses ? undefined : "data: [DONE]\n\n");
  });
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;

const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });
const languageModel = createOpenAICompatible({ name: "loopback", baseURL })("m");
const chatModel = new OpenAIModel({ model: "m", baseURL });
const responsesModel = new OpenAIModel({ model: "m", baseURL, api: "responses" });
const sdkModel = aiSdkModel(languageModel);

type Turn = { role: "user" | "assistant"; content: string };

async function* sdkParts(turns: readonly Turn[]): AsyncIterable<unknown> {
  const { stream } = await languageModel.doStream({
    prompt: turns.map(({ role, content }) => ({
      role,
      content: [{ type: "text", text: content }],
    })),
  });
  for await (const part of stream) {
    // The provider also streams parts that are no text.
    if (part.type === "text-delta") yield part;
  }
}

async function* modelText(model: Model, messages: readonly Message[]): AsyncIterable<unknown> {
  for await (const event of model.generate({ messages })) if (event.type === "text") yield event;
}

async function* chatChunks(turns: readonly Turn[]): AsyncIterable<unknown> {
  yield* await client.chat.completions.create({ model: "m", messages: [...turns], stream: true });
}

async function* responseDeltas(turns: readonly Turn[]): AsyncIterable<unknown> {
  const stream = await client.responses.create({ model: "m", input: [...turns], stream: true });
  for await (const event of stream) if (event.type === "response.output_text.delta") yield event;
}

/** Milliseconds until the first item; the rest is read, too, and not counted. */
async function untilFirst(open: () => AsyncIterable<unknown>): Promise<number> {
  const started = performance.now();
  let elapsed = Number.NaN;
  for await (const _ of open()) {
    if (Number.isNaN(elapsed)) elapsed = performance.now() - started;
  }
  return elapsed;
}

async function measure(title: string, turns: readonly Turn[]): Promise<void> {
  const messages = turns.map(
    ({ role, content }): Message => ({ role, content: [{ type: "text", text: content }] }),
  );
  const pairs: [name: string, bare: () => AsyncIterable<unknown>, model: Model][] = [
    ["Chat Completions", () => chatChunks(turns), chatModel],
    ["Responses", () => responseDeltas(turns), responsesModel],
    ["AI SDK", () => sdkParts(turns), sdkModel],
  ];
  const figures = [];
  for (const [name, bare, model] of pairs) {
    const times = { bare: [] as number[], model: [] as number[] };
    for (let round = -warmUp; round < rounds; round++) {
      const bareMs = await untilFirst(bare);
      const modelMs = await untilFirst(() => modelText(model, messages));
      if (round < 0) continue;
      times.bare.push(bareMs);
      times.model.push(modelMs);
    }
    const baseline = summarize(times.bare);
    figures.push({ name: `${name}: the bare client`, summary: baseline });
    figures.push({ name: `${name}: the adapter`, summary: summarize(times.model), baseline });
  }
  printFigures(`Until the first token, ${title}`, "ms", figures);
}

printMachine();
await measure("one short message", [{ role: "user", content: "Hello" }]);
await measure(
  "a conversation of 100 messages of 2 kB",
  Array.from({ length: 101 }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    content: "0123456789".repeat(200),
  })),
);
server.closeAllConnections();
server.close();
