import { chatCompletionsWire } from "./chat-completions-wire.js";
import { delta } from "./loopback-openai-server.js";
import type { Wire } from "./wire-setup.js";

/** Mistral's API: Chat Completions whose last chunk has the usage, and whose thoughts are content. */
export const mistralWire: Wire = {
  ...chatCompletionsWire,
  reply: ({ text, reasoning, usage, reason = "stop" }) => {
    const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
    const last = {
      choices: [{ index: 0, delta: { content: "" }, finish_reason: reason }],
      usage: {
        prompt_tokens: inputTokens,
        completion_tokens: outputTokens,
        total_tokens: inputTokens + outputTokens,
        ...(usage?.cachedInputTokens === undefined
          ? {}
          : { prompt_tokens_details: { cached_tokens: usage.cachedInputTokens } }),
      },
    };
    const thought = { type: "thinking", thinking: [{ type: "text", text: reasoning }] };
    return {
      events: [
        ...(reasoning === undefined ? [] : [delta({ content: [thought] })]),
        ...text.map((content) => delta({ content })),
        last,
      ],
    };
  },
};
