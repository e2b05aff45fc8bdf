import { scanFences } from "./fence-scanner.js";
import { parseFenceInfo } from "./fence-language.js";
import type { CodeBlock } from "./message-scan.js";
import { reasoningTagSource } from "./message-tags.js";
import { codePattern, searchCode } from "./python-literals.js";
import { reasoningEnd } from "./reasoning.js";

/** The Python code of a block, without what models wrap around it. */
export function codeOf(text: string, block: CodeBlock): string {
  const body = text.slice(block.bodyStart, block.bodyEnd);
  return tidyCode(block.escaped ? unescapeHtml(body) : body);
}

/**
 * Code as Python wants it: without reasoning, a fence around it, the indentation of a list item,
 * and blank lines at both ends.
 */
export function tidyCode(body: string): string {
  return dedent(unwrapFences(withoutReasoning(body)));
}

const reasoningInCode = codePattern(reasoningTagSource, { comments: true });

function withoutReasoning(code: string): string {
  let kept = "";
  let position = 0;
  for (;;) {
    const tag = searchCode(code, position, reasoningInCode);
    if (tag === undefined) return kept + code.slice(position);
    kept += code.slice(position, tag.index);
    const tagEnd = tag.index + tag[0].length;
    position = tag.groups?.openReasoning === undefined ? tagEnd : reasoningEnd(code, tagEnd);
  }
}

const fenceInCode = codePattern("(?<marks>`{3,}|^[ \\t]*~{3,})(?<info>[^\\n]*)", {
  comments: true,
});

function unwrapFences(body: string): string {
  const fence = searchCode(body, 0, fenceInCode);
  if (fence === undefined) return body;
  const info = fence.groups?.info ?? "";
  const isFirst = body.slice(0, fence.index).trim() === "";
  if (!isFirst && info.trim() === "") {
    // Only the closing marks are inside: the opening ones stand before the tag.
    return body.slice(0, fence.index);
  }
  if (parseFenceInfo(info).language === "other") return body;
  const { blocks } = scanFences(body);
  if (blocks.length === 0) return body;
  return blocks.map((block) => dedent(body.slice(block.bodyStart, block.bodyEnd))).join("\n");
}

function dedent(code: string): string {
  const lines = code.trimEnd().split("\n");
  if (lines.length > 1 && lines[0]?.trim() === "") {
    const first = lines.findIndex((line) => line.trim() !== "");
    lines.splice(0, first);
  } else {
    // The first line stands behind the tag, where its indentation means nothing.
    lines[0] = lines[0]?.trimStart() ?? "";
  }
  const indentation = /^[ \t]*/.exec(lines[0] ?? "")?.[0] ?? "";
  if (indentation === "") return lines.join("\n");
  const isIndented = lines.every((line) => line.startsWith(indentation) || line.trim() === "");
  if (!isIndented) return lines.join("\n");
  return lines.map((line) => line.slice(indentation.length)).join("\n");
}

function unescapeHtml(text: string): string {
  const characters: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  return text.replace(
    /&(lt|gt|quot|#39|amp);/g,
    (entity, name: string) => characters[name] ?? entity,
  );
}
