import { docstring, pythonLiteral } from "./literal.js";
import type { JsonValue } from "../../json.js";
import { typingNames } from "./identifier.js";

/** One parameter as the stub shows it. */
export interface StubParameter {
  pythonName: string;
  type: string;
  /** The default as JSON; absent for a required parameter. */
  default?: JsonValue;
  /** For the docstring; may be empty. */
  comment: string;
}

/** What a stub consists of. */
export interface StubContent {
  pythonName: string;
  description: string;
  parameters: readonly StubParameter[];
  returnType: string;
  /** What comes back, for the docstring; may be empty. */
  returnComment: string;
  definitions: readonly string[];
}

const lineWidth = 100;

/** Python source of a function without a body, with the definitions of its types. */
export function functionStub(content: StubContent): string {
  const source = [
    ...content.definitions,
    `${multilineSignature(content)}:\n    ${docstring(docstringText(content))}\n    ...\n`,
  ].join("\n\n");
  const imports = typingImports(source);
  return imports === "" ? source : `${imports}\n\n${source}`;
}

/** The import line for the names of `typing` that a source uses; empty for none. */
export function typingImports(source: string): string {
  const used = typingNames.filter((name) => new RegExp(`\\b${name}\\b`).test(source));
  return used.length === 0 ? "" : `from typing import ${used.join(", ")}`;
}

/** `name(parameter: type = default) -> type`. */
export function signature(content: StubContent): string {
  const parameters = content.parameters.map(parameterText).join(", ");
  return `${content.pythonName}(${parameters}) -> ${content.returnType}`;
}

function multilineSignature(content: StubContent): string {
  const line = `def ${signature(content)}`;
  if (line.length < lineWidth || content.parameters.length === 0) return line;
  const parameters = content.parameters.map((parameter) => `    ${parameterText(parameter)},\n`);
  return `def ${content.pythonName}(\n${parameters.join("")}) -> ${content.returnType}`;
}

function parameterText({ pythonName, type, default: value }: StubParameter): string {
  const assignment = value === undefined ? "" : ` = ${pythonLiteral(value)}`;
  return `${pythonName}: ${type}${assignment}`;
}

/** The docstring's text, indented as it stands in the function. */
export function docstringText({
  description,
  parameters,
  returnComment,
}: Pick<StubContent, "description" | "parameters" | "returnComment">): string {
  const documented = parameters.filter(({ comment }) => comment !== "");
  const sections = [description.trim()];
  if (documented.length > 0) {
    const lines = documented.map(({ pythonName, comment }) => `${pythonName}: ${indent(comment)}`);
    sections.push(`Args:\n    ${indent(lines.join("\n"))}`);
  }
  if (returnComment !== "") sections.push(`Returns:\n    ${indent(returnComment)}`);
  const text = indent(sections.join("\n\n"));
  return text.includes("\n") ? `${text}\n    ` : text;
}

function indent(text: string): string {
  return text.replace(/(\r\n?|\n)(?=[^\r\n])/g, "$1    ");
}
