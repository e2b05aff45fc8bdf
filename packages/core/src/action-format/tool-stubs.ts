import type { ToolDescription } from "./contract.js";

/** The tools as Python functions with types and documentation. */
export function toolStubs(tools: readonly ToolDescription[]): string {
  return tools.map(({ declaration }) => withoutImports(declaration.stub).trim()).join("\n\n");
}

/** The types that an answer needs, as a block of their own; empty for none. */
export function definitionsText(definitions: string): string {
  if (definitions === "") return "";
  return `\n\n\`\`\`python\n${withoutImports(definitions).trim()}\n\`\`\`\n`;
}

/** Imports of typing names tell a model nothing. */
function withoutImports(source: string): string {
  return source.replace(/^from typing import .*\n+/gm, "");
}
