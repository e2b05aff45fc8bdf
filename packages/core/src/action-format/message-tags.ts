const openExecute = String.raw`<\s{0,3}execute(?:\s[^<>\n]{0,100})?>|&lt;execute(?:\s[^<>&\n]{0,100})?&gt;`;

// The final ">" may be missing: `</execute` is nowhere Python, so the code is complete before it.
const closeExecute = String.raw`<\s{0,3}/\s{0,3}execute(?!\w)(?:\s{0,3}>)?|&lt;/execute(?:&gt;)?`;

const reasoningName = "(?:think|thinking|thought|reasoning)";

/** Source of the pattern of a closing `</execute>`. */
export const closingTagSource = `(?<close>${closeExecute})`;

/** Source of the pattern of the tags around reasoning; the group's name is the kind of the tag. */
export const reasoningTagSource = [
  String.raw`(?<openReasoning><\s{0,3}${reasoningName}\s{0,3}>)`,
  String.raw`(?<closeReasoning><\s{0,3}/\s{0,3}${reasoningName}\s{0,3}>)`,
].join("|");

/** Source of the pattern of every tag that matters; the group's name is the kind of the tag. */
export const tagSource = `(?<open>${openExecute})|${closingTagSource}|${reasoningTagSource}`;

/** Whether a tag is only talked about: it stands alone in backticks or quotes. */
export function isMention(text: string, tag: { index: number; length: number }): boolean {
  const before = text.charAt(tag.index - 1);
  return /["'`]/.test(before) && text.charAt(tag.index + tag.length) === before;
}

/** How many characters at the end of the text are the beginning of `</execute>`. */
export function partialClosingLength(text: string): number {
  const tail = text.slice(-"</execute>".length);
  const start = tail.lastIndexOf("<");
  if (start === -1) return 0;
  const partial = tail.slice(start);
  return "</execute>".startsWith(partial.toLowerCase()) ? partial.length : 0;
}
