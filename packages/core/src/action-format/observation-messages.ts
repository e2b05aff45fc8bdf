import type { ActionObservation, ObservationContext } from "./contract.js";
import type { ImagePart, TextPart, UserMessage } from "../model/message.js";

/** From this many steps on, the model is told how many it has left. */
const warnedSteps = 3;

type Notes = Pick<ObservationContext, "stepsLeft" | "isRepetition">;

/** The observations as one user message that begins with `heading`. */
export function observationMessage(
  observations: readonly ActionObservation[],
  context: Notes,
  heading = "Observation:",
): UserMessage {
  const content: (TextPart | ImagePart)[] = observations.flatMap(({ text, images }, index) => {
    const isLast = index === observations.length - 1;
    const body = isLast ? withNotes(text, context) : `${text}\n\n`;
    return [{ type: "text", text: `${heading}\n${body}` }, ...images];
  });
  return { role: "user", content };
}

/** Feedback on a message that could not be used, as a user message. */
export function feedbackMessage(hint: string, context: Notes): UserMessage {
  return { role: "user", content: [{ type: "text", text: withNotes(hint, context) }] };
}

/** The text with a note for a model that goes round in circles, and one once few steps are left. */
export function withNotes(text: string, { stepsLeft, isRepetition }: Notes): string {
  const notes: string[] = [];
  if (isRepetition) notes.push("You did this before, with the same result. Try something else.");
  if (stepsLeft === 1) notes.push("1 step left: give your answer now.");
  // At 0 the run is over; the next one of a session has steps again.
  else if (stepsLeft > 1 && stepsLeft <= warnedSteps) notes.push(`${stepsLeft} steps left.`);
  return [text, ...notes.map((note) => `[${note}]`)].join("\n\n");
}
