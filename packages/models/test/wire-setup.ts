import type { Model } from "@codeact/core";
import type {
  ModelFault,
  ModelRefusal,
  ModelReply,
  ModelSetup,
  ModelSetupOptions,
  ModelToolCallReply,
} from "@codeact/core/testing";
import { type LoopbackReply, LoopbackServer } from "./loopback-openai-server.js";

/** How an API of some provider answers. */
export interface Wire {
  reply(reply: ModelReply): LoopbackReply;
  refusal(refusal: ModelRefusal): LoopbackReply;
  overflow: LoopbackReply;
  /** An answer that has streamed these texts, and goes on. */
  begun(texts: readonly string[]): LoopbackReply;
  /** What says within the stream that the server is overloaded. */
  error: unknown;
  /** What is not the protocol. @defaultValue text that is no JSON */
  malformed?: unknown;
  toolCalls(calls: readonly ModelToolCallReply[]): LoopbackReply;
  signed?: (mark: string) => LoopbackReply;
}

/** A setup for `describeModel` over a server on loopback that speaks as `wire` says. */
export function wireSetup(
  wire: Wire,
  makeModel: (baseURL: string, options: ModelSetupOptions) => Model,
): ModelSetup {
  return async (options) => {
    const server = await LoopbackServer.start({ silent: true });
    const { signed } = wire;
    return {
      model: makeModel(server.baseURL, options),
      get requests() {
        return server.requests.map(({ text }) => text);
      },
      get openAnswers() {
        return server.openAnswers;
      },
      reply: (reply) => {
        const { pieceBytes } = reply;
        server.replyWith({
          ...wire.reply(reply),
          ...(pieceBytes === undefined ? {} : { pieceBytes }),
        });
      },
      refuse: (refusal) => {
        const { headers } = refusal;
        server.replyWith({ ...wire.refusal(refusal), ...(headers ? { headers } : {}) });
      },
      overflow: () => server.replyWith(wire.overflow),
      fault: (fault, after) => server.replyWith(faulty(wire, fault, after)),
      replyWithToolCalls: (calls) => server.replyWith(wire.toolCalls(calls)),
      ...(signed ? { replySigned: (mark) => server.replyWith(signed(mark)) } : {}),
      close: () => server.close(),
    };
  };
}

function faulty(wire: Wire, fault: ModelFault, after: readonly string[]): LoopbackReply {
  const silent = after.length === 0;
  const begun = { ...wire.begun(after), done: false };
  const events = silent ? [] : (begun.events ?? []);
  switch (fault) {
    case "error":
      return { ...begun, events: [...events, wire.error] };
    case "malformed":
      return { ...begun, events: [...events, wire.malformed ?? "{no JSON"] };
    case "truncate":
      return { ...begun, events };
    case "reset":
      return { ...begun, events, ending: "destroy", silent };
    case "stall":
      return { ...begun, events, ending: "stall", silent };
  }
}
