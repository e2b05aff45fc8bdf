import { wording } from "./wording.js";

/**
 * Shortens a text to at most `maxCharacters` UTF-16 code units: its beginning and its end stay,
 * and a line between them says how much was cut. Cuts at line ends where that costs little, and
 * never inside a surrogate pair.
 */
export function truncateMiddle(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  // The longest that the line can become, with the line breaks around it.
  const reserved = wording.cut(text.length, text.length).length + 2;
  const room = maxCharacters - reserved;
  if (room < 2) return text.slice(0, wholeBefore(text, Math.max(0, maxCharacters)));
  const headEnd = lineEndNear(text, wholeBefore(text, Math.ceil(room / 2)));
  const tailStart = lineStartNear(text, wholeAfter(text, text.length - Math.floor(room / 2)));
  const head = text.slice(0, headEnd);
  const tail = text.slice(tailStart);
  const cut = text.slice(headEnd, tailStart);
  const line = wording.cut(cut.length, cut.split("\n").length);
  return `${head}${head.endsWith("\n") ? "" : "\n"}${line}\n${tail}`;
}

/** Moves back over at most a fifth of what is kept. */
function lineEndNear(text: string, end: number): number {
  const newline = text.lastIndexOf("\n", end - 1);
  return newline + 1 > end * 0.8 ? newline + 1 : end;
}

function lineStartNear(text: string, start: number): number {
  const newline = text.indexOf("\n", start - 1);
  const latest = start + (text.length - start) * 0.2;
  return newline !== -1 && newline + 1 < latest ? newline + 1 : start;
}

function wholeBefore(text: string, end: number): number {
  return splitsPair(text, end) ? end - 1 : end;
}

function wholeAfter(text: string, start: number): number {
  return splitsPair(text, start) ? start + 1 : start;
}

function splitsPair(text: string, index: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(index - 1, index + 1));
}
