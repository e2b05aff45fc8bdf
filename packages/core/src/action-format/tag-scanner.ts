import { ClosingTags } from "./closing-tags.js";
import { inventedObservationIndex } from "./invented-observation.js";
import { type CodeBlock, discardAsReasoning, type MessageScan } from "./message-scan.js";
import { isMention, partialClosingLength, tagSource } from "./message-tags.js";
import { codePattern, searchCode } from "./python-literals.js";
import { reasoningEnd } from "./reasoning.js";

/**
 * Finds the `<execute>` blocks of a message and the reasoning between them. Tags inside Python
 * strings and comments belong to the code. Reads each character a bounded number of times.
 */
export function scanTags(text: string): MessageScan {
  const scan: MessageScan = { reasoning: [], blocks: [], hasStrayClosing: false };
  const closings = new ClosingTags(text);
  const pattern = new RegExp(tagSource, "gi");
  for (let tag = pattern.exec(text); tag !== null; tag = pattern.exec(text)) {
    const kind = tag.groups ?? {};
    const isQuoted = isMention(text, { index: tag.index, length: tag[0].length });
    if (isQuoted) continue;
    if (kind.open !== undefined) {
      const body = scanBody(text, tag.index, pattern.lastIndex, closings);
      if (body.type === "block") scan.blocks.push(body.block);
      if (body.type === "reasoning") discardAsReasoning(scan, body.position);
      pattern.lastIndex = body.position;
    } else if (kind.close !== undefined) {
      scan.hasStrayClosing = true;
    } else if (kind.openReasoning !== undefined) {
      const end = reasoningEnd(text, pattern.lastIndex);
      scan.reasoning.push({ start: tag.index, end });
      pattern.lastIndex = end;
    } else {
      discardAsReasoning(scan, pattern.lastIndex);
    }
  }
  return scan;
}

type Body =
  | { type: "block"; block: CodeBlock; position: number }
  /** The opening tag was only prose: go on at the next one. */
  | { type: "prose"; position: number }
  /** The opening tag stood in reasoning, which ends at `position`. */
  | { type: "reasoning"; position: number };

const inCode = codePattern(tagSource, { comments: true });
// A comment can hide nothing in a block that is one line: its closing tag is on that line.
const inLine = codePattern(`${tagSource}|\\n`, { comments: false });

/** Reads a block whose opening tag begins at `start`, and its body at `bodyStart`. */
function scanBody(text: string, start: number, bodyStart: number, closings: ClosingTags): Body {
  const make = (bodyEnd: number, end: number, ending: CodeBlock["ending"]): CodeBlock => {
    const escaped = text.startsWith("&", start);
    return { start, bodyStart, bodyEnd, end, ending, escaped, language: "python" };
  };
  const makeHidden = (limit: number): Body | undefined => {
    const closing = closings.lastPlausible(bodyStart, limit);
    if (closing === undefined) return undefined;
    const block = make(closing.start, closing.end, "closed");
    return { type: "block", block, position: closing.end };
  };
  const makeImplied = (limit: number): Body => {
    const invented = inventedObservationIndex(text.slice(bodyStart, limit));
    const end = invented === undefined ? limit : bodyStart + invented;
    return { type: "block", block: make(end, end, "implied"), position: limit };
  };

  let pattern = closings.isOnLine(bodyStart) ? inLine : inCode;
  let position = bodyStart;
  for (;;) {
    const tag = searchCode(text, position, pattern);
    if (tag === undefined) break;
    const kind = tag.groups ?? {};
    position = tag.index + tag[0].length;
    if (tag[0] === "\n") {
      pattern = inCode;
      position = bodyStart;
    } else if (kind.close !== undefined) {
      return { type: "block", block: make(tag.index, position, "closed"), position };
    } else if (kind.closeReasoning !== undefined) {
      return { type: "reasoning", position };
    } else if (kind.openReasoning !== undefined) {
      position = reasoningEnd(text, position);
    } else if (!isMention(text, { index: tag.index, length: tag[0].length })) {
      const hidden = makeHidden(tag.index);
      if (hidden !== undefined) return hidden;
      const isEmpty = text.slice(bodyStart, tag.index).trim() === "";
      if (!isEmpty && beginsLine(text, start)) return makeImplied(tag.index);
      return { type: "prose", position: tag.index };
    }
  }

  const hidden = makeHidden(text.length);
  if (hidden !== undefined) return hidden;
  const implied = makeImplied(text.length);
  if (implied.type === "block" && implied.block.end < text.length) return implied;
  const bodyEnd = text.length - partialClosingLength(text);
  return { type: "block", block: make(bodyEnd, text.length, "end-of-text"), position: text.length };
}

function beginsLine(text: string, index: number): boolean {
  return /(?:^|\n)[ \t]{0,40}$/.test(text.slice(Math.max(0, index - 41), index));
}
