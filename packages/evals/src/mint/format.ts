import type { ActionFormat, Message } from "@codeact/core";
import { wholeMessageReader } from "../suite/whole-message-reader.js";
import { readMintMessage } from "./message.js";

/** What the checkout says to the model after its messages; places are in double brackets. */
export type MintWording = {
  observation: string;
  /** The same when one step is left or none. */
  lastObservation: string;
  /** What a wrong solution gets. */
  wrong: string;
  /** What a message gets that is neither code nor a solution. */
  invalid: string;
};

/** What the places in a text of the checkout stand for. */
export interface MintPlaces {
  steps: number;
  solutions: number;
  body: string;
}

/** Puts numbers and a text into a text of the checkout. */
export function fillIn(text: string, { steps, solutions, body }: MintPlaces): string {
  return text
    .replaceAll("⟦steps⟧", String(steps))
    .replaceAll("⟦solutions⟧", String(solutions))
    .replace("⟦body⟧", () => body);
}

/** MINT's way of acting: `<execute>` or `<solution>`, and a countdown under each observation. */
export function mintFormat(wording: MintWording, solutionsLeft: () => number): ActionFormat {
  const observe = (body: string, stepsLeft: number): Message[] => {
    const template = stepsLeft <= 1 ? wording.lastObservation : wording.observation;
    const text = fillIn(template, { steps: stepsLeft, solutions: solutionsLeft(), body });
    return [{ role: "user", content: [{ type: "text", text }] }];
  };
  return {
    name: "mint",
    usesInterpreter: true,
    stop: ["\nObservation:", "\nExpert feedback:", "\nTask:", "\n---"],
    // The first user message holds everything.
    instructions: () => "",
    reader: () =>
      wholeMessageReader((whole) => {
        const read = readMintMessage(whole);
        const text = asTurn(whole);
        const thought = whole.replace(/<(?:execute|solution)>[^]*$/, "").trim();
        if (read.type === "solution") {
          return { type: "answer", answer: read.solution, thought, text };
        }
        if (read.type === "invalid") {
          return { type: "invalid", reason: "malformed", hint: wording.invalid, thought, text };
        }
        return { type: "action", actions: [{ type: "code", code: read.code }], thought, text };
      }),
    renderObservations: (observations, { stepsLeft }) =>
      observe(observations.map(({ text }) => text.trim()).join("\n"), stepsLeft),
    renderFeedback: (hint, { stepsLeft }) => observe(hint, stepsLeft),
  };
}

/** As the original keeps it in the conversation. */
function asTurn(message: string): string {
  if (message === "") return "";
  const isMarked = message.trimStart().startsWith("Assistant:");
  return `${isMarked ? "" : "Assistant:\n"}${message}\n`;
}
