import type { Usage } from "@codeact/core";
import type { ModelReply } from "@codeact/core/testing";
import { delta, finish, type LoopbackReply, refuses, usage } from "./loopback-openai-server.js";
import type { Wire } from "./wire-setup.js";

/** OpenAI's Chat Completions API. */
export const chatCompletionsWire: Wire = {
  reply: wholeReply,
  refusal: ({ status, message }) => refuses(message, { status }),
  overflow: refuses("Your input is too long.", { status: 400, code: "context_length_exceeded" }),
  begun: (texts) => ({ events: texts.map((content) => delta({ content })) }),
  error: { error: { message: "The engine is overloaded.", type: "overloaded" } },
  toolCalls: (calls) => ({
    events: [
      ...calls.map(({ toolCallId, name, arguments: text }, index) =>
        delta({
          tool_calls: [
            { index, id: toolCallId, type: "function", function: { name, arguments: text } },
          ],
        }),
      ),
      finish("tool_calls"),
    ],
  }),
  signed: signedCall,
};

function wholeReply(reply: ModelReply): LoopbackReply {
  const { text, reasoning, reason = "stop" } = reply;
  return {
    events: [
      ...(reasoning === undefined ? [] : [delta({ reasoning_content: reasoning })]),
      ...text.map((content) => delta({ content })),
      finish(reason),
      ...(reply.usage ? [wireUsage(reply.usage)] : []),
    ],
  };
}

function wireUsage(tokens: Usage): unknown {
  return usage(tokens.inputTokens ?? 0, tokens.outputTokens ?? 0, {
    total_tokens: (tokens.inputTokens ?? 0) + (tokens.outputTokens ?? 0),
    ...(tokens.cachedInputTokens === undefined
      ? {}
      : { prompt_tokens_details: { cached_tokens: tokens.cachedInputTokens } }),
    ...(tokens.reasoningTokens === undefined
      ? {}
      : { completion_tokens_details: { reasoning_tokens: tokens.reasoningTokens } }),
  });
}

/** Gemini's way: a call has a thought signature, without which its result is refused. */
function signedCall(mark: string): LoopbackReply {
  const call = {
    index: 0,
    id: "call_1",
    type: "function",
    function: { name: "add", arguments: '{"left":1}' },
    extra_content: { google: { thought_signature: mark } },
  };
  return { events: [delta({ tool_calls: [call] }), finish("tool_calls")] };
}
