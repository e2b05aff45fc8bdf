// Finds TypeScript fences: { file, line, code, ownNames }. `line` is that of the code's first line,
// from 1; `ownNames` are what the file exports, which a fence in its comments can use.
import { readFileSync } from "node:fs";

const fence = /^([^\S\n]*)```(?:ts|typescript)\n([\s\S]*?)^\1```/gm;
const exported = /^export (?:abstract )?(class|function|const|interface|type) (\w+)/gm;
const comment = /^[^\S\n]*\/\*\*[\s\S]*?\*\//gm;

function fencesIn(text, file, firstLine, ownNames = []) {
  return [...text.matchAll(fence)].map(({ 2: code, index }) => ({
    file,
    line: firstLine + text.slice(0, index).split("\n").length,
    code,
    ownNames,
  }));
}

/** The fences of a Markdown file. */
export function markdownFences(file) {
  return fencesIn(readFileSync(file, "utf8"), file, 1);
}

/** The fences in the doc comments of a source file. */
export function commentFences(file) {
  const source = readFileSync(file, "utf8");
  const ownNames = [...source.matchAll(exported)].map(([, kind, name]) => ({
    name,
    isType: kind === "interface" || kind === "type",
  }));
  return [...source.matchAll(comment)].flatMap(({ 0: text, index }) => {
    const content = text.replaceAll(/^[^\S\n]*\*(?!\/) ?/gm, "");
    return fencesIn(content, file, source.slice(0, index).split("\n").length, ownNames);
  });
}
