import type { ActionFormat } from "@codeact/core";
import { wholeMessageReader } from "./whole-message-reader.js";

/** No actions: the model's one message is its answer, whatever it holds. */
export function oneMessageFormat(instructions: string): ActionFormat {
  return {
    name: "one-message",
    usesInterpreter: false,
    stop: [],
    instructions: () => instructions,
    reader: () =>
      wholeMessageReader((text) => ({ type: "answer", answer: text, thought: "", text })),
    renderObservations: () => [],
    renderFeedback: (hint) => [{ role: "user", content: [{ type: "text", text: hint }] }],
  };
}
