import type { JsonObject, JsonValue } from "../json.js";
import { bufferedReader } from "./buffered-reader.js";
import { unknownToolHint } from "./call-arguments.js";
import { callInstructions } from "./call-instructions.js";
import { invalidMessage, parseAnswerMessage } from "./call-message.js";
import type { ActionFormat, MessageEnd, ParsedMessage, ToolDescription } from "./contract.js";
import { type Hints, mayBeCut } from "./hints.js";
import { type JsonCall, readJsonCall } from "./json-call.js";
import { type LenientJson, parseLenientJson } from "./lenient-json.js";
import { feedbackMessage, observationMessage } from "./observation-messages.js";
import { blankSpans, findReasoning, withoutReasoningTags } from "./reasoning.js";

const hints: Hints = {
  act: 'To act, write one JSON object: {"tool": "name", "args": {…}}.',
  answer: 'To finish, write {"answer": …}.',
};

/**
 * The model calls one tool per message by a JSON object, `{"tool": "name", "args": {…}}`, and
 * finishes with `{"answer": …}` or a message without an object. No Python is involved. For
 * comparison with `codeFormat()`, which does more in fewer steps.
 *
 * The object may stand in prose or in a fence and need not be quite JSON; one that cannot be read
 * is no answer. The first call counts; what follows it is dropped. `args` may be a list: the arguments in order.
 *
 * @example
 * ```ts
 * const agent = new Agent({ model, tools, actionFormat: jsonFormat() });
 * ```
 */
export function jsonFormat(): ActionFormat {
  return {
    name: "json",
    usesInterpreter: false,
    stop: ["\nObservation:"],
    instructions: (context) => callInstructions(context, "json"),
    reader: ({ tools }) => bufferedReader((text, end) => parseJsonMessage(text, end, tools)),
    renderObservations: (observations, context) => [observationMessage(observations, context)],
    renderFeedback: (hint, context) => [feedbackMessage(hint, context)],
  };
}

function parseJsonMessage(
  text: string,
  end: MessageEnd,
  tools: readonly ToolDescription[],
): ParsedMessage {
  const reasoning = findReasoning(text);
  const found = findCall(blankSpans(text, reasoning), tools);
  if (found === undefined) return parseAnswerMessage(text, reasoning, end, hints);
  if (found === "malformed") {
    const reason = mayBeCut(end.finishReason) ? "truncated" : "malformed";
    return invalidMessage(text, reason, hints);
  }
  const { call, start, json } = found;
  if (mayBeCut(end.finishReason) && !json.isComplete) {
    return invalidMessage(text, "truncated", hints);
  }
  const before = withoutFenceOpening(text.slice(0, start));
  const fence = /^\s*(?:`{3,}|~{3,})/.exec(text.slice(json.end))?.[0] ?? "";
  const common = {
    thought: withoutReasoningTags(before).trim(),
    text: text.slice(0, json.end + fence.length).trim(),
  };
  if (call.type === "call") return { type: "action", actions: [call.action], ...common };
  const hint = unknownToolHint(tools, call.name);
  return { type: "invalid", reason: "unknown-tool", hint, ...common };
}

function withoutFenceOpening(text: string): string {
  const trimmed = text.trimEnd();
  const opening = /(?:`{3,9}|~{3,9})\w{0,20}$/.exec(trimmed.slice(-30))?.[0] ?? "";
  return trimmed.slice(0, trimmed.length - opening.length);
}

interface FoundCall {
  call: Exclude<JsonCall, { type: "data" }>;
  start: number;
  json: LenientJson;
}

/** Braces that turn out to begin no JSON are tried so often: prose has few, and reading is not free. */
const maximumFailures = 20;
/** What is meant to be an action, and no part of an answer. */
const meantAsCall = /\{\s{0,100}["']?(?:tool|tool_name|action|answer|final_answer)["']?\s{0,9}:/y;

function findCall(
  text: string,
  tools: readonly ToolDescription[],
): FoundCall | "malformed" | undefined {
  const brace = /\{(?=\s{0,100}["'}A-Za-z_])/g;
  let failures = 0;
  let isMeant = false;
  for (let match = brace.exec(text); match !== null; match = brace.exec(text)) {
    const json = parseLenientJson(text, match.index);
    if (json === undefined) {
      meantAsCall.lastIndex = match.index;
      isMeant ||= meantAsCall.test(text);
      if (++failures === maximumFailures) break;
      continue;
    }
    const call = isObject(json.value) ? readJsonCall(json.value, tools) : undefined;
    if (call !== undefined && call.type !== "data") return { call, start: match.index, json };
    brace.lastIndex = json.end;
  }
  return isMeant ? "malformed" : undefined;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
