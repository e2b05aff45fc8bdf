import type { FinishReason } from "../model/model.js";
import type { ParsedInvalid } from "./contract.js";

/** What a format tells the model about a message that it cannot use. */
export interface Hints {
  /** How to act, as an imperative sentence. */
  act: string;
  /** How to answer, as an imperative sentence. */
  answer: string;
}

/** The hint for each way in which a message can be useless, except for unknown tools. */
export function hintFor(
  reason: Exclude<ParsedInvalid["reason"], "unknown-tool">,
  { act, answer }: Hints,
): string {
  switch (reason) {
    case "empty":
      return `Your message had no action and no answer. ${act} ${answer}`;
    case "truncated":
      return `Your message was cut off because it was too long, so nothing of it was run. Be brief and work in smaller steps. ${act} ${answer}`;
    case "malformed":
      return `Your action could not be read, so nothing was run. ${act} ${answer}`;
    case "invented-observation":
      return `You wrote an observation yourself, so your message does not count. Only the system writes observations, after your action has run. ${act} ${answer}`;
    case "content-filter":
      return `Your message was stopped by a content filter, so nothing of it was run. Go on in another way. ${act} ${answer}`;
  }
}

/** Whether the end of the message may be missing, so that what is not closed must not run. */
export function mayBeCut(finishReason: FinishReason): boolean {
  return finishReason === "length" || finishReason === "content-filter" || finishReason === "error";
}
