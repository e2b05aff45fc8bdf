import type { Model } from "@codeact/core";
import type { ModelFault, ModelReply, ModelSetup, ModelSetupOptions } from "@codeact/core/testing";
import { type LoopbackReply, LoopbackServer } from "./loopback-openai-server.js";

/** A setup for `describeModel` over a server that speaks Anthropic's Messages API. */
export function anthropicSetup(
  makeModel: (baseURL: string, options: ModelSetupOptions) => Model,
): ModelSetup {
  return async (options) => {
    const server = await LoopbackServer.start({ silent: true });
    return {
      model: makeModel(server.baseURL, options),
      get requests() {
        return server.requests.map(({ text }) => text);
      },
      get openAnswers() {
        return server.openAnswers;
      },
      reply: (reply) => server.replyWith(wholeReply(reply)),
      refuse: ({ status, headers, message }) =>
        server.replyWith({
          status,
          body: { type: "error", error: { type: "some_error", message } },
          ...(headers ? { headers } : {}),
        }),
      overflow: () =>
        server.replyWith({
          status: 400,
          body: {
            type: "error",
            error: {
              type: "invalid_request_error",
              message: "prompt is too long: 210000 tokens > 200000 maximum",
            },
          },
        }),
      fault: (fault, after) => server.replyWith(faultyReply(fault, after)),
      replyWithToolCalls: (calls) =>
        server.replyWith(
          message([
            ...calls.flatMap(({ toolCallId, name, arguments: text }, index) =>
              block(index, { type: "tool_use", id: toolCallId, name, input: {} }, [
                { type: "input_json_delta", partial_json: text },
              ]),
            ),
            ...ending("tool_use", 5),
          ]),
        ),
      replySigned: (mark) =>
        server.replyWith(
          message([
            ...block(0, { type: "thinking", thinking: "", signature: "" }, [
              { type: "thinking_delta", thinking: "thought" },
              { type: "signature_delta", signature: mark },
            ]),
            ...textBlock(1, ["spoken"]),
            ...ending("end_turn", 5),
          ]),
        ),
      close: () => server.close(),
    };
  };
}

const stopReasons = { stop: "end_turn", length: "max_tokens" };

function wholeReply({ text, reasoning, usage, reason, pieceBytes }: ModelReply): LoopbackReply {
  const cached = usage?.cachedInputTokens ?? 0;
  return {
    ...message(
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
    ),
    ...(pieceBytes === undefined ? {} : { pieceBytes }),
  };
}

function faultyReply(fault: ModelFault, after: readonly string[]): LoopbackReply {
  const begun = message(after.length > 0 ? textBlock(0, after).slice(0, -1) : []);
  const silent = after.length === 0;
  switch (fault) {
    case "error": {
      const error = {
        type: "error",
        error: { type: "overloaded_error", message: "Overloaded" },
      };
      return { ...begun, events: silent ? [error] : [...begun.events, error] };
    }
    case "malformed":
      return { ...begun, events: silent ? ["{no JSON"] : [...begun.events, "{no JSON"] };
    case "truncate":
      return silent ? { ...begun, events: [] } : begun;
    case "reset":
      return { ...begun, ending: "destroy", silent };
    case "stall":
      return { ...begun, ending: "stall", silent };
  }
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
