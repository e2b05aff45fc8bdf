import type { Usage } from "@codeact/core";
import type { ModelReply } from "@codeact/core/testing";
import { type LoopbackReply, refuses } from "./loopback-openai-server.js";
import type { Wire } from "./wire-setup.js";

/** OpenAI's Responses API. */
export const responsesWire: Wire = {
  reply: wholeReply,
  refusal: ({ status, message }) => refuses(message, { status }),
  overflow: streamed([failed("context_length_exceeded", "Your input is too long.")]),
  begun: (pieces) => streamed(texts(pieces)),
  error: { type: "error", code: "server_error", message: "Overloaded", param: null },
  toolCalls: (calls) =>
    streamed([
      ...calls.map((call) =>
        itemDone({
          type: "function_call",
          id: `fc_${call.toolCallId}`,
          status: "completed",
          call_id: call.toolCallId,
          name: call.name,
          arguments: call.arguments,
        }),
      ),
      completed(),
    ]),
  signed: (mark) =>
    streamed([
      ...reasoning("thought", mark),
      ...texts(["spoken"]),
      itemDone({ type: "message", id: "msg_1", role: "assistant", content: [] }),
      completed(),
    ]),
};

/** A stream of events as the API sends it. */
export function streamed(events: readonly unknown[]): LoopbackReply {
  const response = { id: "resp_1", status: "in_progress", error: null, output: [] };
  return { events: [{ type: "response.created", response }, ...events], done: false };
}

/** Pieces of a message's text. */
export function texts(pieces: readonly string[]): unknown[] {
  return pieces.map((delta) => ({
    type: "response.output_text.delta",
    item_id: "msg_1",
    output_index: 0,
    content_index: 0,
    delta,
    logprobs: [],
  }));
}

/** A whole reasoning item: its summary and what the server wants back. */
export function reasoning(summary: string, encrypted: string | null): unknown[] {
  const place = { item_id: "rs_1", output_index: 0, summary_index: 0 };
  return [
    { type: "response.reasoning_summary_part.added", ...place, part: { type: "summary_text" } },
    { type: "response.reasoning_summary_text.delta", ...place, delta: summary },
    itemDone({
      type: "reasoning",
      id: "rs_1",
      summary: [{ type: "summary_text", text: summary }],
      encrypted_content: encrypted,
    }),
  ];
}

/** The end of an item. */
export function itemDone(item: Record<string, unknown>): unknown {
  return { type: "response.output_item.done", output_index: 0, item };
}

/** The end of the response. */
export function completed(usage?: Usage): unknown {
  return {
    type: "response.completed",
    response: { id: "resp_1", status: "completed", error: null, usage: wireUsage(usage) },
  };
}

/** The end of a response that some limit cut. */
export function incomplete(reason: string, usage?: Usage): unknown {
  return {
    type: "response.incomplete",
    response: {
      id: "resp_1",
      status: "incomplete",
      error: null,
      incomplete_details: { reason },
      usage: wireUsage(usage),
    },
  };
}

/** The end of a response that failed. */
export function failed(code: string, message: string): unknown {
  return {
    type: "response.failed",
    response: { id: "resp_1", status: "failed", error: { code, message }, usage: null },
  };
}

function wholeReply(reply: ModelReply): LoopbackReply {
  const { text, usage } = reply;
  return streamed([
    ...(reply.reasoning === undefined ? [] : reasoning(reply.reasoning, null)),
    ...texts(text),
    reply.reason === "length" ? incomplete("max_output_tokens", usage) : completed(usage),
  ]);
}

function wireUsage(usage: Usage | undefined): unknown {
  if (!usage) return null;
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = usage;
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    input_tokens_details: { cached_tokens: cachedInputTokens ?? 0 },
    output_tokens_details: { reasoning_tokens: reasoningTokens ?? 0 },
  };
}
