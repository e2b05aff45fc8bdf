import type { ModelReply } from "@codeact/core/testing";
import type { LoopbackReply } from "./loopback-openai-server.js";
import type { Wire } from "./wire-setup.js";

/** Anthropic's Messages API. */
export const anthropicWire: Wire = {
  reply: wholeReply,
  refusal: ({ status, message }) => refusal(status, "some_error", message),
  overflow: refusal(
    400,
    "invalid_request_error",
    "prompt is too long: 210000 tokens > 200000 maximum",
  ),
  begun: (texts) => message(textBlock(0, texts).slice(0, -1)),
  error: { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
  toolCalls: (calls) =>
    message([
      ...calls.flatMap(({ toolCallId, name, arguments: text }, index) =>
        block(index, { type: "tool_use", id: toolCallId, name, input: {} }, [
          { type: "input_json_delta", partial_json: text },
        ]),
      ),
      ...ending("tool_use", 5),
    ]),
  signed: (mark) =>
    message([
      ...block(0, { type: "thinking", thinking: "", signature: "" }, [
        { type: "thinking_delta", thinking: "thought" },
        { type: "signature_delta", signature: mark },
      ]),
      ...textBlock(1, ["spoken"]),
      ...ending("end_turn", 5),
    ]),
};

function refusal(status: number, type: string, message: string): LoopbackReply {
  return { status, body: { type: "error", error: { type, message } } };
}

const stopReasons = { stop: "end_turn", length: "max_tokens" };

function wholeReply({ text, reasoning, usage, reason }: ModelReply): LoopbackReply {
  const cached = usage?.cachedInputTokens ?? 0;
  return message(
    [
      ...(reasoning === undefined
        ? []
        : block(0, { type: "thinking", thinking: "", signature: "" }, [
            { type: "thinking_delta", thinking: reasoning },
          ])),
      ...textBlock(reasoning === undefined ? 0 : 1, text),
      ...ending(stopReasons[reason ?? "stop"], usage?.outputTokens ?? 3),
    ],
    { input_tokens: (usage?.inputTokens ?? 7) - cached, cache_read_input_tokens: cached },
  );
}

function message(
  events: readonly unknown[],
  usage: Record<string, number> = { input_tokens: 7 },
): { events: readonly unknown[]; done: false } {
  const start = {
    type: "message_start",
    message: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { output_tokens: 1, ...usage },
    },
  };
  return { events: [start, ...events], done: false };
}

function textBlock(index: number, pieces: readonly string[]): unknown[] {
  return block(
    index,
    { type: "text", text: "" },
    pieces.map((text) => ({ type: "text_delta", text })),
  );
}

function block(index: number, content: unknown, deltas: readonly unknown[]): unknown[] {
  return [
    { type: "content_block_start", index, content_block: content },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}

function ending(reason: string, outputTokens: number): unknown[] {
  return [
    {
      type: "message_delta",
      delta: { stop_reason: reason, stop_sequence: null },
      usage: { output_tokens: outputTokens },
    },
    { type: "message_stop" },
  ];
}
