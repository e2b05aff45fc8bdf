import type { FinishReason } from "../model/model.js";
import type { ParsedInvalid, ParsedMessage } from "./contract.js";

/** One model message and what the reader must make of it. */
export interface ReaderCase {
  name: string;
  message: string;
  /** @defaultValue `"stop"` */
  finishReason?: FinishReason;
  /** What the model wrote earlier in the conversation. */
  earlier?: string;
  expected: Expected;
}

/** The expected parse, without the wording of hints. */
export type Expected =
  | { type: "action"; code: string; thought: string; text?: string }
  | { type: "answer"; answer: string; thought: string; text?: string }
  | { type: "invalid"; reason: ParsedInvalid["reason"]; thought?: string; text?: string };

/** The message runs this code; `text` where it is not the message itself. */
export function runs(code: string, rest: { thought?: string; text?: string } = {}): Expected {
  return { type: "action", code, thought: "", ...rest };
}

/** The message is an answer; `text` where it is not the message itself. */
export function answers(answer: string, rest: { thought?: string; text?: string } = {}): Expected {
  return { type: "answer", answer, thought: "", ...rest };
}

/** The message cannot be used. */
export function fails(reason: ParsedInvalid["reason"]): Expected {
  return { type: "invalid", reason };
}

/** The parse in the form of {@link Expected}, in full. */
export function summarize(parsed: ParsedMessage, message: string, like: Expected): Expected {
  const text =
    like.text === undefined && parsed.text === message.trim() ? {} : { text: parsed.text };
  switch (parsed.type) {
    case "action": {
      const [action, ...others] = parsed.actions;
      if (action?.type !== "code" || others.length > 0)
        throw new Error("Expected one code action.");
      return { type: "action", code: action.code, thought: parsed.thought, ...text };
    }
    case "answer":
      return { type: "answer", answer: parsed.answer, thought: parsed.thought, ...text };
    case "invalid":
      return { type: "invalid", reason: parsed.reason };
  }
}
