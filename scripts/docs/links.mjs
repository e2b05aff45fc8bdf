// Checks the relative links of Markdown files, and the anchors that they name.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../workspace.mjs";

const link = /\[[^\]]*\]\(([^()\s]+)\)/g;

/** The text without fences, line by line as before: what looks like a heading in there is none. */
function withoutFences(file) {
  return readFileSync(file, "utf8").replaceAll(/^([^\S\n]*)```[\s\S]*?^\1```/gm, (code) =>
    code.replaceAll(/[^\n]/g, ""),
  );
}

/** The anchors that GitHub gives the headings of a file. */
function anchorsOf(file) {
  const counts = new Map();
  return [...withoutFences(file).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading]) => {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(" ", "-");
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

/** What is wrong with the links of a page, a text each. */
export function brokenLinks(page) {
  const text = withoutFences(page).replaceAll(/`[^`\n]*`/g, (code) => "_".repeat(code.length));
  return [...text.matchAll(link)].flatMap(({ 1: target, index }) => {
    if (/^[a-z]+:/i.test(target)) return [];
    const where = `${path.relative(root, page)}:${text.slice(0, index).split("\n").length}`;
    const [file, anchor] = target.split("#");
    const destination = file === "" ? page : path.join(path.dirname(page), file);
    if (!existsSync(destination)) return [`${where}: there is no ${target}`];
    if (anchor === undefined || anchorsOf(destination).includes(anchor)) return [];
    return [`${where}: there is no heading for ${target}`];
  });
}
