import { tidyCode } from "./code-text.js";
import { parseLenientJson } from "./lenient-json.js";
import { scanTags } from "./tag-scanner.js";

/** The code in the arguments of a call of the code tool. */
export interface ToolArguments {
  code: string;
  /** Whether the arguments end visibly; otherwise they may have been cut. */
  isComplete: boolean;
}

/**
 * Reads the code from the arguments of a tool call: `{"code": "…"}` as the API asks for, and also
 * what models send instead: another key, a list of lines, a bare string, code that is no JSON.
 * `undefined` when there is none.
 */
export function parseToolArguments(text: string): ToolArguments | undefined {
  const json = parseLenientJson(text, 0);
  const isJson = json !== undefined && text.slice(json.end).trim() === "";
  // A set or a list display may be meant as code, but nobody sends only that.
  const code = isJson && typeof json.value !== "number" ? codeIn(json.value) : codeLike(text);
  if (code === undefined) return undefined;
  const tidy = tidyCode(withoutTags(code.replace(/\r\n?/g, "\n")));
  return tidy === "" ? undefined : { code: tidy, isComplete: isJson && json.isComplete };
}

function codeIn(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (isLines(value)) return value.join("\n");
  if (typeof value !== "object" || value === null) return undefined;
  const named = "code" in value ? value.code : undefined;
  if (typeof named === "string") return named;
  if (isLines(named)) return named.join("\n");
  const strings = Object.values(value).filter((member) => typeof member === "string");
  return strings.length === 1 ? strings[0] : undefined;
}

function isLines(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((line) => typeof line === "string");
}

/** Text that is no JSON is code, unless it is an object that was begun and broken. */
function codeLike(text: string): string | undefined {
  if (!/^\s*\{\s*"/.test(text)) return text;
  // Quotes that the model forgot to escape.
  const inner = /^\s*\{\s*"\w+"\s*:\s*"([^]*)"\s*\}\s*$/.exec(text)?.[1];
  return inner?.replace(/\\([nt"\\])/g, (_, name: string) => escapes[name] ?? name);
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t" };

function withoutTags(code: string): string {
  if (!/^\s*<\s*execute/i.test(code)) return code;
  return scanTags(code)
    .blocks.map(({ bodyStart, bodyEnd }) => code.slice(bodyStart, bodyEnd))
    .join("\n");
}
