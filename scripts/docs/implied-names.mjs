// The names that a fence may use without importing them: everything public of our packages, what the
// file of a doc comment exports, and a few of others.
import ts from "typescript";
import { readJson } from "../workspace.mjs";

const modules = new Map([
  ["z", { from: "zod" }],
  ["expect", { from: "vitest" }],
  ["readFile", { from: "node:fs/promises" }],
  ["writeFile", { from: "node:fs/promises" }],
]);
for (const [from, names] of Object.entries(readJson("scripts", "public-api.json"))) {
  for (const name of names) {
    modules.set(name.replace(/^type /, ""), { from, isType: name.startsWith("type ") });
  }
}

/** Every name that a fence mentions, and those that it declares or imports itself. */
function namesOf(code) {
  const used = new Set();
  const declared = new Set();
  const visit = (node) => {
    if (ts.isIdentifier(node)) used.add(node.text);
    const isDeclaration = ts.isDeclarationStatement(node) || ts.isVariableDeclaration(node);
    if ((isDeclaration || ts.isImportSpecifier(node)) && node.name) declared.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("fence.ts", code, ts.ScriptTarget.Latest));
  return { used, declared };
}

/** The imports that a fence leaves out, as one line. */
export function impliedImports({ file, code, ownNames }) {
  const own = new Map(
    ownNames.map(({ name, isType }) => [name, { from: file.replace(/\.ts$/, ".js"), isType }]),
  );
  const { used, declared } = namesOf(code);
  return [...used]
    .flatMap((name) => {
      const found = modules.get(name) ?? own.get(name);
      if (!found || declared.has(name)) return [];
      return `import ${found.isType ? "type " : ""}{ ${name} } from "${found.from}";`;
    })
    .join(" ");
}
