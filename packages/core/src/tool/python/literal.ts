import type { JsonValue } from "../../json.js";

// Control, format and separator characters, and lone surrogates: they could end a line of code,
// or hide or reorder what a reader sees.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** A Python string literal on one line. */
export function stringLiteral(text: string): string {
  const escaped = text
    .replace(/["\\]/g, "\\$&")
    .replace(/\n/g, "\\n")
    .replace(unprintable, escapeCharacter);
  return `"${escaped}"`;
}

/** A JSON value as a Python expression on one line. */
export function pythonLiteral(value: JsonValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") {
    return Number.isFinite(value) ? JSON.stringify(value) : `float("${value}")`;
  }
  if (typeof value === "string") return stringLiteral(value);
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(", ")}]`;
  const entries = Object.entries(value);
  return `{${entries.map(([key, item]) => `${stringLiteral(key)}: ${pythonLiteral(item)}`).join(", ")}}`;
}

/**
 * A triple-quoted string in which `text` stays readable. Python reads it as what
 * {@link toDocumentation} makes of the text.
 */
export function docstring(text: string): string {
  const escaped = toDocumentation(text)
    .replace(/\\/g, "\\\\")
    // No two quotes side by side, and none before the closing ones.
    .replace(/"(?="|$)/g, '\\"')
    .replace(unprintable, (character) =>
      character === "\n" ? character : escapeCharacter(character),
    );
  return `"""${escaped}"""`;
}

/** Text with `\n` as line end and no lone surrogates: Python 3.13 cannot compile these there. */
export function toDocumentation(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/\p{Cs}/gu, "\ufffd");
}

/** The text of a comment, on one line. */
export function commentText(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, " ").trim();
}
