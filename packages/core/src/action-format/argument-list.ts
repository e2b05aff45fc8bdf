/** Arguments as they stand in a text. */
export interface ArgumentList {
  /** The arguments, trimmed. */
  pieces: string[];
  /** Where the list ends in the text, behind a closing parenthesis. */
  end: number;
}

/**
 * Splits a list of arguments at its commas, from `start` to the end of the line, or to the closing
 * parenthesis. Quotes and brackets protect commas and line breaks, unless they are never closed.
 */
export function splitArguments(text: string, start: number, terminator: "\n" | ")"): ArgumentList {
  return (
    split(text, start, { terminator, protects: true }) ??
    split(text, start, { terminator: "\n", protects: false }) ?? { pieces: [], end: text.length }
  );
}

function split(
  text: string,
  start: number,
  { terminator, protects }: { terminator: "\n" | ")"; protects: boolean },
): ArgumentList | undefined {
  const pieces: string[] = [];
  let pieceStart = start;
  let depth = 0;
  let position = start;
  // Remembered, since looking for a closing quote in vain reads the whole text.
  const unclosed = new Set<string>();
  const endPiece = (end: number) => {
    const piece = text.slice(pieceStart, end).trim();
    if (piece !== "") pieces.push(piece);
    pieceStart = end + 1;
  };
  for (; position < text.length; position++) {
    const character = text.charAt(position);
    if (depth === 0 && character === terminator) {
      endPiece(position);
      return { pieces, end: terminator === ")" ? position + 1 : position };
    }
    if (depth === 0 && character === ",") endPiece(position);
    if (!protects) continue;
    if (character === '"' || character === "'") {
      const end = unclosed.has(character) ? undefined : quoteEnd(text, position);
      if (end === undefined) unclosed.add(character);
      else position = end;
    } else if (/[([{]/.test(character)) depth += 1;
    else if (/[)\]}]/.test(character)) depth = Math.max(0, depth - 1);
  }
  if (depth > 0 || terminator === ")") return undefined;
  endPiece(position);
  return { pieces, end: position };
}

/** The closing quote of a string that begins here; an apostrophe in a word closes itself. */
function quoteEnd(text: string, start: number): number | undefined {
  if (/\w/.test(text.charAt(start - 1))) return start;
  const quote = text.charAt(start);
  const pattern = quote === '"' ? /\\[^]|"(?!\w)/g : /\\[^]|'(?!\w)/g;
  pattern.lastIndex = start + 1;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[0] === quote) return match.index;
  }
  return undefined;
}
