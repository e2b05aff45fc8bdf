import { parseFenceInfo } from "./fence-language.js";
import { type CodeBlock, discardAsReasoning, type MessageScan } from "./message-scan.js";
import { closingTagSource, reasoningTagSource } from "./message-tags.js";
import { codePattern, searchCode } from "./python-literals.js";
import { reasoningEnd } from "./reasoning.js";

/**
 * Finds the Markdown fences of a message that hold Python or name no language, and the reasoning
 * between them. Fences in other languages are passed over with their content.
 */
export function scanFences(text: string): MessageScan {
  const scan: MessageScan = { reasoning: [], blocks: [], hasStrayClosing: false };
  const pattern = new RegExp(`${openingSource}|${reasoningTagSource}`, "gim");
  const lines = new LineEnds(text);
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const kind = found.groups ?? {};
    if (kind.openReasoning !== undefined) {
      const end = reasoningEnd(text, pattern.lastIndex);
      scan.reasoning.push({ start: found.index, end });
      pattern.lastIndex = end;
    } else if (kind.closeReasoning !== undefined) {
      discardAsReasoning(scan, pattern.lastIndex);
    } else {
      const marks = found[0].trim();
      const lineEnd = lines.after(pattern.lastIndex);
      const fence = { start: pattern.lastIndex - marks.length, marks, lineEnd };
      const { block, position } = readLineFence(text, fence) ?? readFence(text, fence);
      if (block !== undefined) scan.blocks.push(block);
      pattern.lastIndex = position;
    }
  }
  return scan;
}

const openingSource = "`{3,}|^[ \\t]{0,40}~{3,}";
const backticks = /`{3,}/g;
const closingLine = /^[ \t]*(`{3,}|~{3,})[ \t]*$/gm;
// Backticks are no Python, so outside strings any run of them ends the code; tildes are.
const closingInCode = codePattern(
  "(?<marks>`{3,})|^[ \\t]*(?<tildes>~{3,})[ \\t]*$|" + closingTagSource,
  {
    comments: true,
  },
);

interface Opening {
  /** Where the marks begin. */
  start: number;
  marks: string;
  /** Where the line of the marks ends. */
  lineEnd: number;
}

interface Fence {
  /** Absent when the fence is not for us. */
  block?: CodeBlock;
  /** Where to go on. */
  position: number;
}

/** A fence that closes on its own line. */
function readLineFence(text: string, { start, marks, lineEnd }: Opening): Fence | undefined {
  if (marks.startsWith("~")) return undefined;
  const infoStart = start + marks.length;
  backticks.lastIndex = infoStart;
  const closing = backticks.exec(text);
  if (closing === null || closing.index >= lineEnd) return undefined;
  const end = backticks.lastIndex;
  const { language, code } = parseFenceInfo(text.slice(infoStart, closing.index));
  const standsAlone = beginsLine(text, start) && text.slice(end, lineEnd).trim() === "";
  if (code === "" || language === "other" || (language === "unnamed" && !standsAlone)) {
    return { position: end };
  }
  const bodyStart = text.indexOf(code, infoStart);
  return {
    position: end,
    block: {
      start,
      bodyStart,
      bodyEnd: bodyStart + code.length,
      end,
      ending: "closed",
      escaped: false,
      language,
    },
  };
}

function readFence(text: string, { start, marks, lineEnd }: Opening): Fence {
  const infoStart = start + marks.length;
  const { language, code } = parseFenceInfo(text.slice(infoStart, lineEnd));
  if (language === "other")
    return { position: closingLineAfter(text, lineEnd, marks)?.end ?? text.length };
  const bodyStart = code === "" ? lineEnd : text.indexOf(code, infoStart);
  const closing = closingOfCode(text, bodyStart, marks) ?? closingLineAfter(text, bodyStart, marks);
  const bodyEnd = closing?.start ?? text.length - unfinishedClosing(text, bodyStart);
  const end = closing?.end ?? text.length;
  return {
    position: end,
    block: {
      start,
      bodyStart,
      bodyEnd,
      end,
      ending: closing === undefined ? "end-of-text" : "closed",
      escaped: false,
      language,
    },
  };
}

function closingOfCode(
  text: string,
  from: number,
  marks: string,
): { start: number; end: number } | undefined {
  let position = from;
  for (;;) {
    const found = searchCode(text, position, closingInCode);
    if (found === undefined) return undefined;
    const start = found.index;
    position = start + found[0].length;
    const run = found.groups?.marks ?? found.groups?.tildes ?? marks;
    if (!run.startsWith(marks)) continue;
    // A fence that opens before this one was closed: leave it to the scan.
    const opensAnother =
      found.groups?.marks !== undefined &&
      /^(?:i?python|py)\d?\n/i.test(text.slice(position, position + 9));
    return { start, end: opensAnother ? start : position };
  }
}

/** For code with an unfinished string, which hides its closing marks, and for other languages. */
function closingLineAfter(
  text: string,
  from: number,
  marks: string,
): { start: number; end: number } | undefined {
  closingLine.lastIndex = from;
  for (let found = closingLine.exec(text); found !== null; found = closingLine.exec(text)) {
    if (found[1]?.startsWith(marks)) return { start: found.index, end: closingLine.lastIndex };
  }
  return undefined;
}

/** Marks at the very end that a comment hides, or that are not yet complete. */
function unfinishedClosing(text: string, bodyStart: number): number {
  const tail = /\n[ \t]*(?:`{1,2}|~{1,2})\s*$|`{3,}\s*$/.exec(
    text.slice(Math.max(bodyStart, text.length - 80)),
  );
  return tail?.[0].length ?? 0;
}

function beginsLine(text: string, index: number): boolean {
  const before = text.slice(Math.max(0, index - 41), index);
  return /(?:^|\n)[ \t]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)?$/.test(before);
}

/** Line ends for ascending positions; many fences may stand on one long line. */
class LineEnds {
  readonly #text: string;
  #known = -1;

  constructor(text: string) {
    this.#text = text;
  }

  after(position: number): number {
    if (this.#known < position) {
      const newline = this.#text.indexOf("\n", position);
      this.#known = newline === -1 ? this.#text.length : newline;
    }
    return this.#known;
  }
}
