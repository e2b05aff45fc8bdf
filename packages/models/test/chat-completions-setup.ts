import type { Model, Usage } from "@codeact/core";
import type { ModelFault, ModelReply, ModelSetup, ModelSetupOptions } from "@codeact/core/testing";
import {
  delta,
  finish,
  type LoopbackReply,
  LoopbackServer,
  refuses,
  usage,
} from "./loopback-openai-server.js";

/** A setup for `describeModel` over a server that speaks Chat Completions. */
export function chatCompletionsSetup(
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
        server.replyWith({ ...refuses(message, { status }), ...(headers ? { headers } : {}) }),
      overflow: () =>
        server.replyWith(
          refuses("Your input is too long.", { status: 400, code: "context_length_exceeded" }),
        ),
      fault: (fault, after) => server.replyWith(faultyReply(fault, after)),
      replyWithToolCalls: (calls) =>
        server.replyWith({
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
      replySigned: (mark) => server.replyWith(signedCall(mark)),
      close: () => server.close(),
    };
  };
}

function wholeReply(reply: ModelReply): LoopbackReply {
  const { text, reasoning, reason = "stop", pieceBytes } = reply;
  return {
    events: [
      ...(reasoning === undefined ? [] : [delta({ reasoning_content: reasoning })]),
      ...text.map((content) => delta({ content })),
      finish(reason),
      ...(reply.usage ? [wireUsage(reply.usage)] : []),
    ],
    ...(pieceBytes === undefined ? {} : { pieceBytes }),
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

function faultyReply(fault: ModelFault, after: readonly string[]): LoopbackReply {
  const events = after.map((content) => delta({ content }));
  switch (fault) {
    case "error":
      return {
        events: [
          ...events,
          { error: { message: "The engine is overloaded.", type: "overloaded" } },
        ],
        done: false,
      };
    case "malformed":
      return { events: [...events, "{no JSON"], done: false };
    case "truncate":
      return { events, done: false };
    case "reset":
      return { events, done: false, ending: "destroy", silent: after.length === 0 };
    case "stall":
      return { events, done: false, ending: "stall", silent: after.length === 0 };
  }
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
