import type { ActionObservation, ObservationContext } from "./contract.js";
import type { ImagePart, TextPart, UserMessage } from "../model/message.js";

/** From this many steps on, the model is told how many it has left. */
const warnedSteps = 3;

/** The observations as one user message that begins with `heading`. */
export function observationMessage(
  observations: readonly ActionObservation[],
  context: Pick<ObservationContext, "stepsLeft">,
  heading = "Observation:",
): UserMessage {
  const content: (TextPart | ImagePart)[] = observations.flatMap(({ text, images }, index) => {
    const isLast = index === observations.length - 1;
    const body = isLast ? withStepsLeft(text, context) : `${text}\n\n`;
    return [{ type: "text", text: `${heading}\n${body}` }, ...images];
  });
  return { role: "user", content };
}

/** Feedback on a message that could not be used, as a user message. */
export function feedbackMessage(
  hint: string,
  context: Pick<ObservationContext, "stepsLeft">,
): UserMessage {
  return { role: "user", content: [{ type: "text", text: withStepsLeft(hint, context) }] };
}

/** The text with a line on the steps that are left, once they are few. */
export function withStepsLeft(
  text: string,
  { stepsLeft }: Pick<ObservationContext, "stepsLeft">,
): string {
  // At 0 the run is over; the next one of a session has steps again.
  if (stepsLeft < 1 || stepsLeft > warnedSteps) return text;
  const line = stepsLeft === 1 ? "1 step left: give your answer now." : `${stepsLeft} steps left.`;
  return `${text}\n\n[${line}]`;
}
