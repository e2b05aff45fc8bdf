import { messageText } from "../model/message.js";
import { bufferedReader } from "./buffered-reader.js";
import { codeInstructions } from "./code-instructions.js";
import { parseCodeMessage, usesTags } from "./code-message.js";
import type { ActionFormat } from "./contract.js";
import type { Hints } from "./hints.js";
import { feedbackMessage, observationMessage } from "./observation-messages.js";

const hints: Hints = {
  act: "To act, write <execute>, then Python code, then </execute>.",
  answer: "To finish, write your answer without a block, or call final_answer(value) in a block.",
};

/**
 * The model acts by Python between `<execute>` and `</execute>` in its text. The default: it
 * needs nothing of the model but text.
 *
 * The reader is tolerant. A closing tag that the server stripped is restored; a block that the
 * token limit cut is not run. Fenced Python counts while no message of the conversation has used
 * the tags; a fence in another language, a shell's too, never does. Several blocks are joined,
 * unless the text between them invents an observation: it and what follows are dropped. Code in
 * `<think>` and its like never runs. Tags in strings and comments of the code do not end it. A
 * message without a block is the answer.
 *
 * @example
 * ```ts
 * const agent = new Agent({ model, executor, actionFormat: codeFormat() });
 * ```
 */
export function codeFormat(): ActionFormat {
  return {
    name: "code",
    usesInterpreter: true,
    stop: ["</execute>"],
    instructions: (context) => codeInstructions(context, "tags"),
    reader: ({ messages }) =>
      bufferedReader((text, end) => {
        const fencesCount = !messages.some(
          (message) => message.role === "assistant" && usesTags(messageText(message)),
        );
        return parseCodeMessage(text, end, { fencesCount, hints });
      }),
    renderObservations: (observations, context) => [observationMessage(observations, context)],
    renderFeedback: (hint, context) => [feedbackMessage(hint, context)],
  };
}
