import { describe, it } from "vitest";
import { ModelError } from "../errors/model-error.js";
import type { ModelRequest } from "../model/model.js";
import { describeModel } from "./model-conformance/describe-model.js";
import type { ModelFault, ModelSetup } from "./model-conformance/model-under-test.js";
import { ScriptedModel } from "./scripted-model.js";
import type { ScriptedMessage } from "./scripted-reply.js";

const errors: Readonly<Record<ModelFault, Error | undefined>> = {
  error: new ModelError("model-overloaded", "busy"),
  malformed: new ModelError("model-invalid-response", "What?"),
  truncate: new ModelError("model-connection", "gone"),
  reset: new ModelError("model-connection", "gone"),
  stall: undefined,
};

const setup: ModelSetup = () => {
  const requests: string[] = [];
  let reply: ScriptedMessage = {};
  const script = Array.from({ length: 10 }, () => ({ messages, tools }: ModelRequest) => {
    requests.push(JSON.stringify({ messages, tools }));
    return reply;
  });
  const model = new ScriptedModel(script, { capabilities: { usage: true }, chunkSize: 1_000 });
  return {
    model,
    requests,
    get openAnswers() {
      return model.openStreams;
    },
    reply({ text, reasoning, usage, reason = "stop", pieceBytes }) {
      reply = {
        text: text.join(""),
        finishReason: reason,
        ...(reasoning === undefined ? {} : { reasoning }),
        ...(usage ? { usage } : {}),
        ...(pieceBytes === undefined ? {} : { chunkSize: pieceBytes }),
      };
    },
    overflow() {
      reply = { error: new ModelError("context-overflow", "too long") };
    },
    fault(fault, after) {
      const error = errors[fault];
      const text = after.join("");
      reply = error
        ? { text, error, errorAfter: text.length }
        : { text, gate: new Promise(() => {}), waitAfter: text.length };
    },
    replyWithToolCalls(toolCalls) {
      reply = { toolCalls };
    },
    close: async () => {},
  };
};

describeModel("ScriptedModel", setup, {
  suite: { describe, it },
  // It plays what it is told, for as long as it takes.
  without: ["stop", "signatures", "refusals", "timeouts"],
});
