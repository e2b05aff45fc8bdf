import type { ActionFormat } from "@codeact/core";

/** No actions: the model's one message is its answer, whatever it holds. */
export function oneMessageFormat(instructions: string): ActionFormat {
  return {
    name: "one-message",
    usesInterpreter: false,
    stop: [],
    instructions: () => instructions,
    reader: () => {
      let text = "";
      return {
        push: (delta) => {
          text += delta;
        },
        end: () => ({ type: "answer", answer: text, thought: "", text }),
      };
    },
    renderObservations: () => [],
    renderFeedback: (hint) => [{ role: "user", content: [{ type: "text", text: hint }] }],
  };
}
