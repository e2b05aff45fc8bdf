/**
 * A pattern for {@link searchCode}: `source`, or the beginning of a Python string or comment. With
 * `comments: false` a `#` means nothing.
 */
export function codePattern(source: string, options: { comments: boolean }): RegExp {
  const literal = options.comments ? `["'#\\\\]` : `["'\\\\]`;
  return new RegExp(`(?<literal>${literal})|(?:${source})`, "gim");
}

/**
 * The first match of a {@link codePattern} at or after `from` that lies outside Python strings
 * and comments.
 *
 * The text may be prose in part, so an apostrophe whose line has no second one opens no string.
 */
export function searchCode(
  text: string,
  from: number,
  pattern: RegExp,
): RegExpExecArray | undefined {
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match.groups?.literal === undefined) return match;
    pattern.lastIndex = literalEnd(text, match.index);
  }
  return undefined;
}

function literalEnd(text: string, start: number): number {
  const first = text.charAt(start);
  if (first === "\\") return start + 2;
  if (first === "#") {
    const newline = text.indexOf("\n", start);
    return newline === -1 ? text.length : newline;
  }
  const isTriple = text.startsWith(first.repeat(3), start);
  return isTriple ? tripleQuotedEnd(text, start, first) : quotedEnd(text, start, first);
}

function tripleQuotedEnd(text: string, start: number, quote: string): number {
  const pattern = quote === '"' ? /\\[^]|"""/g : /\\[^]|'''/g;
  pattern.lastIndex = start + 3;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[0].length === 3) return pattern.lastIndex;
  }
  return text.length;
}

function quotedEnd(text: string, start: number, quote: string): number {
  const pattern = quote === '"' ? /\\[^]|["\n]/g : /\\[^]|['\n]/g;
  pattern.lastIndex = start + 1;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[0] === quote) return pattern.lastIndex;
    if (match[0] === "\n") break;
  }
  return start + 1;
}
