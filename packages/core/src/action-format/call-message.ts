import type { MessageEnd, ParsedInvalid, ParsedMessage } from "./contract.js";
import { hintFor, type Hints } from "./hints.js";
import { beginsAsObservation } from "./invented-observation.js";
import { reasoningIn, type Span, withoutReasoningTags, withoutSpans } from "./reasoning.js";

/** A message without an action: the answer, if it is whole and not empty. */
export function parseAnswerMessage(
  text: string,
  reasoning: readonly Span[],
  { finishReason }: Pick<MessageEnd, "finishReason">,
  hints: Hints,
): ParsedMessage {
  const answer = withoutSpans(text, reasoning).trim();
  if (finishReason === "content-filter") return invalidMessage(text, "content-filter", hints);
  if (finishReason === "length" || finishReason === "error") {
    return invalidMessage(text, "truncated", hints);
  }
  if (answer === "") return invalidMessage(text, "empty", hints);
  if (beginsAsObservation(answer)) return invalidMessage(text, "invented-observation", hints);
  return { type: "answer", answer, thought: reasoningIn(text, reasoning), text: text.trim() };
}

/** A message that cannot be used, with the hint for its reason. */
export function invalidMessage(
  text: string,
  reason: Parameters<typeof hintFor>[0],
  hints: Hints,
): ParsedInvalid {
  return {
    type: "invalid",
    reason,
    hint: hintFor(reason, hints),
    thought: withoutReasoningTags(text).trim(),
    // What the model reads of its own inventions it repeats.
    text: reason === "invented-observation" ? "" : text.trim(),
  };
}
