// Checks the documentation: every TypeScript fence of the Markdown files and of doc comments
// compiles against the packages' sources, and every relative link and anchor leads somewhere.
// A fence is a module of its own. It may use without import what docs/implied-names.mjs lists, and
// as given what docs/given-names.d.ts declares.
import { readdirSync } from "node:fs";
import path from "node:path";
import "./setup.mjs";
import { commentFences, markdownFences } from "./docs/fences.mjs";
import { brokenLinks } from "./docs/links.mjs";
import { checkTypes } from "./docs/types.mjs";
import { packages, root } from "./workspace.mjs";

function filesIn(folder, matches, options) {
  return readdirSync(folder, options)
    .filter(matches)
    .sort()
    .map((name) => path.join(folder, name));
}

const isMarkdown = (name) => name.endsWith(".md");
const isSource = (name) => name.endsWith(".ts") && !/\.test(-d)?\.ts$/.test(name);

const pages = [
  ...filesIn(root, isMarkdown),
  ...filesIn(path.join(root, "docs"), isMarkdown),
  ...packages.flatMap(({ folder }) => filesIn(folder, isMarkdown)),
  path.join(root, "examples", "data", "README.md"),
];
const sources = packages.flatMap(({ folder }) =>
  filesIn(path.join(folder, "src"), isSource, { recursive: true }),
);

const fences = [...pages.flatMap(markdownFences), ...sources.flatMap(commentFences)];
const problems = [...checkTypes(fences), ...pages.flatMap((page) => brokenLinks(page))];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${fences.length} fences compile, the links of ${pages.length} pages hold`);
