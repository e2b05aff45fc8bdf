import type { ActionFormat, Message } from "@codeact/core";
import type { FormatName } from "../suite/format.js";
import { wholeMessageReader } from "../suite/whole-message-reader.js";
import { codeOf, cutMessage, readMessage, withoutFence } from "./message.js";

/** How the harness is to read and answer messages. */
export interface M3FormatOptions {
  format: FormatName;
  /** What a message without an action or an answer gets back. */
  invalid: string;
  /** Whether an action may stand in a code fence. */
  fences: boolean;
}

/** The paper's way of acting: `Action: … End Action`, `Answer: …`, and bare results. */
export function m3Format({ format, invalid, fences }: M3FormatOptions): ActionFormat {
  const reply = (text: string): Message[] => [{ role: "user", content: [{ type: "text", text }] }];
  return {
    name: `m3tooleval-${format}`,
    usesInterpreter: true,
    stop: [],
    // The first user message holds everything.
    instructions: () => "",
    reader: () =>
      wholeMessageReader((whole) => {
        const text = cutMessage(whole);
        const read = readMessage(text);
        if (read.type === "answer") return { ...read, thought: "", text };
        if (read.type === "invalid") {
          return { type: "invalid", reason: "malformed", hint: invalid, thought: "", text };
        }
        const action = fences ? withoutFence(read.action) : read.action;
        const thought = text.slice(0, text.indexOf("Action:")).trim();
        return {
          type: "action",
          actions: [{ type: "code", code: codeOf(action, format) }],
          thought,
          text,
        };
      }),
    renderObservations: (observations) => reply(observations.map(({ text }) => text).join("\n")),
    renderFeedback: reply,
  };
}
