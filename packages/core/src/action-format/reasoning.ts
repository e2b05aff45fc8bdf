import { isMention, reasoningTagSource } from "./message-tags.js";

/** A range of a text; `end` is exclusive. */
export interface Span {
  start: number;
  end: number;
}

const closingTag = () => /<\s{0,3}\/\s{0,3}(?:think|thinking|thought|reasoning)\s{0,3}>/gi;

/** The end of the reasoning whose content begins at `from`: after its closing tag, or the end. */
export function reasoningEnd(text: string, from: number): number {
  const pattern = closingTag();
  pattern.lastIndex = from;
  return pattern.exec(text) === null ? text.length : pattern.lastIndex;
}

/**
 * The reasoning in a text, with its tags. Without an opening tag, which may have been in the
 * prompt, all before the closing one is reasoning; without a closing tag, all after the opening.
 */
export function findReasoning(text: string): Span[] {
  let spans: Span[] = [];
  const tags = new RegExp(reasoningTagSource, "gi");
  for (let tag = tags.exec(text); tag !== null; tag = tags.exec(text)) {
    if (isMention(text, { index: tag.index, length: tag[0].length })) continue;
    if (tag.groups?.openReasoning === undefined) {
      spans = [{ start: 0, end: tags.lastIndex }];
    } else {
      const end = reasoningEnd(text, tags.lastIndex);
      spans.push({ start: tag.index, end });
      tags.lastIndex = end;
    }
  }
  return spans;
}

/** The text without the given spans, which are in order. */
export function withoutSpans(text: string, spans: readonly Span[]): string {
  let kept = "";
  let position = 0;
  for (const span of spans) {
    kept += text.slice(position, span.start);
    position = span.end;
  }
  return kept + text.slice(position);
}

/** The text with blanks in place of the given spans, so that every position stays. */
export function blankSpans(text: string, spans: readonly Span[]): string {
  let blanked = "";
  let position = 0;
  for (const { start, end } of spans) {
    blanked += text.slice(position, start) + " ".repeat(end - start);
    position = end;
  }
  return blanked + text.slice(position);
}

/** What stands in the given spans of reasoning. */
export function reasoningIn(text: string, spans: readonly Span[]): string {
  const pieces = spans.map(({ start, end }) => withoutReasoningTags(text.slice(start, end)).trim());
  return pieces.filter((piece) => piece !== "").join("\n\n");
}

/** The text with the tags around reasoning removed, not the reasoning. */
export function withoutReasoningTags(text: string): string {
  return text
    .replace(/<\s{0,3}\/?\s{0,3}(?:think|thinking|thought|reasoning)\s{0,3}>/gi, "\n")
    .replace(/\n{3,}/g, "\n\n");
}
