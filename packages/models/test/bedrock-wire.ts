import { crc32 } from "node:zlib";
import type { Usage } from "@codeact/core";
import type { ModelReply } from "@codeact/core/testing";
import type { LoopbackReply } from "./loopback-openai-server.js";
import type { Wire } from "./wire-setup.js";

const typeOfString = 7;

/** Amazon Bedrock's ConverseStream. */
export const bedrockWire: Wire = {
  reply: wholeReply,
  refusal: ({ status, message }) => ({ status, body: { message } }),
  overflow: { status: 400, body: { message: "Input is too long for requested model." } },
  begun: (texts) => streamed(textBlock(0, texts).slice(0, -1)),
  error: frame(
    "exception",
    "serviceUnavailableException",
    JSON.stringify({ message: "Overloaded" }),
  ),
  malformed: frame("event", "messageStop", "{no JSON"),
  toolCalls: (calls) =>
    streamed([
      ...calls.flatMap(({ toolCallId: toolUseId, name, arguments: input }, index) => [
        event("contentBlockStart", {
          contentBlockIndex: index,
          start: { toolUse: { toolUseId, name } },
        }),
        blockDelta(index, { toolUse: { input } }),
        event("contentBlockStop", { contentBlockIndex: index }),
      ]),
      ...ending("tool_use"),
    ]),
  signed: (mark) =>
    streamed([
      blockDelta(0, { reasoningContent: { text: "thought" } }),
      blockDelta(0, { reasoningContent: { signature: mark } }),
      event("contentBlockStop", { contentBlockIndex: 0 }),
      ...textBlock(1, ["spoken"]),
      ...ending("end_turn"),
    ]),
};

function wholeReply({ text, reasoning, usage, reason = "stop" }: ModelReply): LoopbackReply {
  return streamed([
    ...(reasoning === undefined
      ? []
      : [
          blockDelta(0, { reasoningContent: { text: reasoning } }),
          event("contentBlockStop", { contentBlockIndex: 0 }),
        ]),
    ...textBlock(reasoning === undefined ? 0 : 1, text),
    ...ending(reason === "length" ? "max_tokens" : "end_turn", usage),
  ]);
}

function streamed(events: readonly Buffer[]): LoopbackReply {
  return {
    events: [event("messageStart", { role: "assistant" }), ...events],
    done: false,
    headers: { "content-type": "application/vnd.amazon.eventstream" },
  };
}

function textBlock(index: number, pieces: readonly string[]): Buffer[] {
  return [
    ...pieces.map((text) => blockDelta(index, { text })),
    event("contentBlockStop", { contentBlockIndex: index }),
  ];
}

function blockDelta(contentBlockIndex: number, delta: unknown): Buffer {
  return event("contentBlockDelta", { contentBlockIndex, delta });
}

function ending(stopReason: string, usage?: Usage): Buffer[] {
  return [
    event("messageStop", { stopReason }),
    ...(usage ? [event("metadata", { usage: wireUsage(usage), metrics: { latencyMs: 1 } })] : []),
  ];
}

/** Here what was read from the cache is no part of the input. */
function wireUsage({ inputTokens = 0, outputTokens = 0, cachedInputTokens }: Usage): unknown {
  return {
    inputTokens: inputTokens - (cachedInputTokens ?? 0),
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    ...(cachedInputTokens === undefined ? {} : { cacheReadInputTokens: cachedInputTokens }),
  };
}

function event(type: string, body: unknown): Buffer {
  return frame("event", type, JSON.stringify(body));
}

/**
 * A message of Amazon's event stream: lengths and their checksum, headers, body, checksum.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
 */
function frame(messageType: "event" | "exception", type: string, body: string): Buffer {
  const headers = Buffer.concat([
    header(`:${messageType}-type`, type),
    header(":content-type", "application/json"),
    header(":message-type", messageType),
  ]);
  const payload = Buffer.from(body);
  const lengths = numbers(16 + headers.length + payload.length, headers.length);
  const start = Buffer.concat([lengths, numbers(crc32(lengths)), headers, payload]);
  return Buffer.concat([start, numbers(crc32(start))]);
}

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([typeOfString]),
    length,
    Buffer.from(value),
  ]);
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}
