import type { JsonSchema } from "../executor/tool-call.js";
import type { JsonObject, JsonValue } from "../json.js";
import type { ToolDescription } from "./contract.js";
import { parseLenientJson } from "./lenient-json.js";

/** The tool that a model means by a name: the tool's own, or that of its Python function. */
export function findTool(
  tools: readonly ToolDescription[],
  name: string,
): ToolDescription | undefined {
  return tools.find(
    ({ declaration }) => declaration.name === name || declaration.pythonName === name,
  );
}

/** Tells the model which tools there are. */
export function unknownToolHint(tools: readonly ToolDescription[], name: string): string {
  const names = tools.map(({ declaration }) => declaration.name);
  const known = names.length === 0 ? "There are no tools." : `The tools are: ${names.join(", ")}.`;
  return `There is no tool "${name}", so nothing was run. ${known}`;
}

/** Reads arguments that are written as text, by position or as `name=value` or `name: value`. */
export function readArguments(
  pieces: readonly string[],
  tool: ToolDescription,
): JsonObject | JsonValue[] {
  const whole = pieces.length === 1 ? wholeObject(pieces[0] ?? "", tool) : undefined;
  if (whole !== undefined) return whole;
  const named: [string, JsonValue][] = [];
  const positional: JsonValue[] = [];
  for (const piece of pieces) {
    const [, key = "", value = ""] = /^([A-Za-z_]\w*)\s*[=:]\s*([^]*)$/.exec(piece) ?? [];
    const parameter = parameterNames(tool).find((names) => names.includes(key));
    if (parameter === undefined) {
      positional.push(coerce(piece, schemaAt(tool, positional.length)));
    } else {
      named.push([parameter[0], coerce(value, schemaOf(tool, parameter[0]))]);
    }
  }
  if (named.length === 0) return positional;
  const placed = positional.map((value, index): [string, JsonValue] => [
    parameterNames(tool)[index]?.[0] ?? `argument ${index + 1}`,
    value,
  ]);
  return Object.fromEntries([...placed, ...named]);
}

/** All arguments as one JSON object. */
function wholeObject(piece: string, tool: ToolDescription): JsonObject | undefined {
  const value = wholeJson(piece);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const known = parameterNames(tool).flat();
  return Object.keys(value).every((key) => known.includes(key)) ? value : undefined;
}

/** The names of each parameter: its own, then the one in Python. */
function parameterNames({ declaration }: ToolDescription): [string, string][] {
  if (declaration.parameters === "value") return [["value", "value"]];
  return declaration.parameters.map(({ name, pythonName }) => [name, pythonName]);
}

function schemaAt(tool: ToolDescription, index: number): JsonSchema | undefined {
  const name = parameterNames(tool)[index]?.[0];
  return name === undefined ? undefined : schemaOf(tool, name);
}

function schemaOf(
  { declaration, inputSchema }: ToolDescription,
  name: string,
): JsonSchema | undefined {
  if (declaration.parameters === "value") return inputSchema;
  const properties = inputSchema["properties"];
  return isObject(properties) && isObject(properties[name]) ? properties[name] : undefined;
}

/**
 * Text as a value of a type that the schema allows: quotes mark a string, and without a type
 * what looks like a number or another JSON value is one.
 */
function coerce(text: string, schema: JsonSchema | undefined): JsonValue {
  const types = typesOf(schema);
  const json = wholeJson(text);
  const isQuoted = typeof json === "string";
  const allows = (value: JsonValue) => types === undefined || types.has(typeName(value));
  if (json !== undefined && allows(json)) return json;
  // "3" where a number is wanted.
  const unquoted = isQuoted ? wholeJson(json) : undefined;
  if (unquoted !== undefined && allows(unquoted)) return unquoted;
  return isQuoted ? json : text;
}

function wholeJson(text: string): JsonValue | undefined {
  const json = parseLenientJson(text, 0);
  return json?.isComplete && text.slice(json.end).trim() === "" ? json.value : undefined;
}

/** The JSON types that a schema allows; `undefined` when it does not simply say so. */
function typesOf(schema: JsonSchema | undefined): ReadonlySet<string> | undefined {
  if (schema === undefined) return undefined;
  const { type, anyOf, oneOf } = schema;
  const members = anyOf ?? oneOf;
  if (Array.isArray(members)) {
    const types = members.map((member) => (isObject(member) ? typesOf(member) : undefined));
    return types.includes(undefined)
      ? undefined
      : new Set(types.flatMap((names) => [...(names ?? [])]));
  }
  if (Array.isArray(schema["enum"])) return new Set(schema["enum"].map(typeName));
  if (schema["const"] !== undefined) return new Set([typeName(schema["const"])]);
  const names = Array.isArray(type) ? type : [type];
  if (!names.every((name) => typeof name === "string")) return undefined;
  return new Set(names.map((name) => (name === "integer" ? "number" : name)));
}

function typeName(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
