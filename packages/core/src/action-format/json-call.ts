import type { JsonObject, JsonValue } from "../json.js";
import type { CallAction, ToolDescription } from "./contract.js";
import { findTool } from "./call-arguments.js";
import { parseLenientJson } from "./lenient-json.js";

/** What a JSON object in a message asks for. */
export type JsonCall =
  | { type: "call"; action: CallAction }
  | { type: "unknown-tool"; name: string }
  /** An object that is no action, for example a part of the answer. */
  | { type: "data" };

const nameKeys = ["tool", "tool_name", "action", "name", "function"] as const;
const argumentKeys = [
  "args",
  "arguments",
  "parameters",
  "params",
  "input",
  "action_input",
] as const;

/** Reads `{"tool": …, "args": …}` and its variants, and `{"answer": …}`. */
export function readJsonCall(value: JsonObject, tools: readonly ToolDescription[]): JsonCall {
  // {"function": {"name": …, "arguments": …}}, as APIs write it.
  if (isObject(value["function"])) return readJsonCall(value["function"], tools);
  const nameKey = nameKeys.find((key) => typeof value[key] === "string");
  const name = nameKey === undefined ? undefined : value[nameKey];
  if (nameKey === undefined || typeof name !== "string") return readAnswer(value);
  const argumentKey = argumentKeys.find((key) => key in value);
  const { [nameKey]: _name, ...siblings } = value;
  const given = argumentKey === undefined ? siblings : (value[argumentKey] ?? {});
  if (name === "final_answer") return finalAnswer(finalValue(given));
  const tool = findTool(tools, name);
  if (tool !== undefined) {
    const call = {
      type: "call",
      name: tool.declaration.name,
      arguments: asArguments(given),
    } as const;
    return { type: "call", action: call };
  }
  const isMeant = argumentKey !== undefined || nameKey.startsWith("tool");
  return isMeant ? { type: "unknown-tool", name } : { type: "data" };
}

function readAnswer(value: JsonObject): JsonCall {
  const key = ["answer", "final_answer"].find((name) => name in value);
  if (key === undefined || Object.keys(value).length > 1) return { type: "data" };
  return finalAnswer(value[key] ?? null);
}

function finalAnswer(value: JsonValue): JsonCall {
  return { type: "call", action: { type: "call", name: "final_answer", arguments: { value } } };
}

function finalValue(given: JsonValue): JsonValue {
  if (Array.isArray(given) && given.length === 1) return given[0] ?? null;
  if (!isObject(given)) return given;
  const [entry, ...others] = Object.entries(given);
  const isWrapped =
    entry !== undefined && others.length === 0 && /^(?:value|answer)$/.test(entry[0]);
  return isWrapped ? entry[1] : given;
}

function asArguments(given: JsonValue): JsonObject | JsonValue[] {
  if (Array.isArray(given) || isObject(given)) return given;
  // Arguments as JSON in a string, as APIs write them.
  const parsed = typeof given === "string" ? parseLenientJson(given, 0)?.value : undefined;
  return isObject(parsed) || Array.isArray(parsed) ? parsed : [given];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
