import type { Model } from "@codeact/core";

/** Plays a solution that is one message. */
export function answeringModel(message: string): Model {
  return {
    id: "oracle",
    async *generate() {
      yield { type: "text", text: message };
      yield { type: "finish", reason: "stop" };
    },
  };
}
