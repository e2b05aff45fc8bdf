import type { Usage } from "@codeact/core";
import type { ModelReply } from "@codeact/core/testing";
import type { LoopbackReply } from "./loopback-openai-server.js";
import type { Wire } from "./wire-setup.js";

/** Google's Gemini API, `streamGenerateContent`. */
export const geminiWire: Wire = {
  reply: wholeReply,
  refusal: ({ status, message }) => refusal(status, "SOME_ERROR", message),
  overflow: refusal(
    400,
    "INVALID_ARGUMENT",
    "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
  ),
  begun: (texts) => streamed(texts.map((text) => chunk([{ text }]))),
  error: errorOf(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
  toolCalls: (calls) =>
    streamed([
      chunk(
        calls.map(({ toolCallId: id, name, arguments: text }) => ({
          functionCall: { id, name, args: JSON.parse(text) as unknown },
        })),
      ),
      ending("STOP"),
    ]),
  signed: (mark) =>
    streamed([
      chunk([{ functionCall: { name: "add", args: { left: 1 } }, thoughtSignature: mark }]),
      ending("STOP"),
    ]),
};

function refusal(status: number, name: string, message: string): LoopbackReply {
  return { status, body: errorOf(status, name, message) };
}

function errorOf(code: number, status: string, message: string): unknown {
  return { error: { code, message, status } };
}

function wholeReply({ text, reasoning, usage, reason = "stop" }: ModelReply): LoopbackReply {
  return streamed([
    ...(reasoning === undefined ? [] : [chunk([{ text: reasoning, thought: true }])]),
    ...text.map((piece) => chunk([{ text: piece }])),
    ending(reason === "length" ? "MAX_TOKENS" : "STOP", usage),
  ]);
}

function streamed(events: readonly unknown[]): LoopbackReply {
  return { events, done: false };
}

function chunk(parts: readonly unknown[]): unknown {
  return { candidates: [{ index: 0, content: { role: "model", parts } }] };
}

function ending(finishReason: string, usage?: Usage): unknown {
  return {
    candidates: [{ index: 0, content: { role: "model", parts: [] }, finishReason }],
    ...(usage ? { usageMetadata: wireUsage(usage) } : {}),
  };
}

/** Here the tokens of thoughts are no part of those of the answer. */
function wireUsage(usage: Usage): Record<string, number> {
  const { inputTokens = 0, outputTokens = 0, cachedInputTokens, reasoningTokens } = usage;
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens - (reasoningTokens ?? 0),
    totalTokenCount: inputTokens + outputTokens,
    ...(cachedInputTokens === undefined ? {} : { cachedContentTokenCount: cachedInputTokens }),
    ...(reasoningTokens === undefined ? {} : { thoughtsTokenCount: reasoningTokens }),
  };
}
