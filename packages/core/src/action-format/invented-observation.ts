import { codePattern, searchCode } from "./python-literals.js";

const qualifier = "(?:(?:the|code|cell|execution|tool|python|console|program|expected|actual) )?";
const noun = "(?:observations?|outputs?|results?|stdout|stderr)";
const turn = "(?:user|human|system|environment)";

// At the start of a line, behind nothing but Markdown decoration.
const inventedLines = new RegExp(
  [
    String.raw`^[ \t>#*_\[-]{0,12}${qualifier}${noun}[ \t]{0,3}(?:\([^()\n]{0,80}\))?[*_\]]{0,4}[ \t]{0,3}[:：]`,
    String.raw`^[ \t>#*_\[-]{0,12}(?:execution|code|cell|tool) (?:outputs?|results?)\b`,
    String.raw`^[ \t>*_]{0,12}${turn}[*_]{0,4}:`,
    String.raw`^[ \t]{0,12}<(?:observation|output|result|execution_?(?:output|result)|stdout)>`,
    String.raw`^[ \t]{0,12}Out ?\[\d*\]:`,
    "^[ \\t]{0,12}(?:`{3,}|~{3,})[ \\t]{0,3}(?:observation|output|result|stdout|console)\\b",
  ].join("|"),
  "im",
);

/** Whether text that a model wrote between two blocks pretends that the first one has run. */
export function inventsObservation(text: string): boolean {
  return inventedLines.test(text);
}

/**
 * Whether a message begins with the word by which observations begin. Small models imitate the
 * message that they expect next, with a result of their own; it is no answer.
 */
export function beginsAsObservation(text: string): boolean {
  return /^[ \t>#*_]{0,8}observations?[*_]{0,3}[ \t]{0,3}:/i.test(text);
}

// Strict, since a body is Python: `output: int` is an annotation.
const inventedInCode = codePattern(
  String.raw`^(?:observation|execution (?:output|result))s?:|^<(?:observation|output|result)>`,
  { comments: true },
);

/** Where an invented observation begins in code whose closing tag is missing. */
export function inventedObservationIndex(code: string): number | undefined {
  return searchCode(code, 0, inventedInCode)?.index;
}
