import { splitArguments } from "./argument-list.js";
import { bufferedReader } from "./buffered-reader.js";
import { findTool, readArguments, unknownToolHint } from "./call-arguments.js";
import { callInstructions } from "./call-instructions.js";
import { invalidMessage, parseAnswerMessage } from "./call-message.js";
import type { ActionFormat, MessageEnd, ParsedMessage, ToolDescription } from "./contract.js";
import { type Hints, mayBeCut } from "./hints.js";
import { feedbackMessage, observationMessage } from "./observation-messages.js";
import { blankSpans, findReasoning, withoutReasoningTags } from "./reasoning.js";

const hints: Hints = {
  act: "To act, write one line: Action: tool name, argument=value, argument=value.",
  answer: "To finish, write: Answer: your answer.",
};

/**
 * The model calls one tool per message by a line of text, `Action: name, argument=value`, and
 * finishes with `Answer: …` or a message with neither. No Python is involved. For comparison with
 * `codeFormat()`, which does more in fewer steps.
 *
 * Arguments are separated by commas and given by name (`=` or `:`) or in order. Quotes and
 * brackets protect commas. A value is read as the type that the parameter's schema gives;
 * without one, what looks like JSON is JSON and everything else a string. The first `Action:` or
 * `Answer:` counts; what follows an action is dropped.
 *
 * @example
 * ```ts
 * const agent = new Agent({ model, tools, actionFormat: textFormat() });
 * ```
 */
export function textFormat(): ActionFormat {
  return {
    name: "text",
    usesInterpreter: false,
    stop: ["\nObservation:"],
    instructions: (context) => callInstructions(context, "text"),
    reader: ({ tools }) => bufferedReader((text, end) => parseTextMessage(text, end, tools)),
    renderObservations: (observations, context) => [observationMessage(observations, context)],
    renderFeedback: (hint, context) => [feedbackMessage(hint, context)],
  };
}

const marker =
  /^[ \t>*_#-]{0,8}(?:(?<action>action)|(?:final )?answer)[*_]{0,3}[ \t]{0,3}:[*_]{0,3}[ \t]*/im;

function parseTextMessage(
  text: string,
  end: MessageEnd,
  tools: readonly ToolDescription[],
): ParsedMessage {
  const reasoning = findReasoning(text);
  const visible = blankSpans(text, reasoning);
  const match = marker.exec(visible);
  if (match === null) return parseAnswerMessage(text, reasoning, end, hints);
  const start = match.index + match[0].length;
  const call = readCall(visible, start);
  if (match.groups?.action === undefined || call?.name === "final_answer") {
    const from = call?.name === "final_answer" ? call.argumentsStart : start;
    return parseMarkedAnswer(text, { from, markerStart: match.index }, end);
  }
  const isCut = mayBeCut(end.finishReason) && (call?.end ?? text.length) === text.length;
  if (isCut) return invalidMessage(text, "truncated", hints);
  if (call === undefined) return invalidMessage(text, "malformed", hints);
  const common = {
    thought: withoutReasoningTags(text.slice(0, match.index)).trim(),
    text: text.slice(0, call.end).trim(),
  };
  const tool = findTool(tools, call.name);
  if (tool === undefined) {
    const hint = unknownToolHint(tools, call.name);
    return { type: "invalid", reason: "unknown-tool", hint, ...common };
  }
  const callArguments = readArguments(call.pieces, tool);
  const name = tool.declaration.name;
  return { type: "action", actions: [{ type: "call", name, arguments: callArguments }], ...common };
}

interface TextCall {
  name: string;
  pieces: string[];
  argumentsStart: number;
  end: number;
}

/** `name, a, b`, `name(a, b)`, `name: a, b` or `name` and a line `Action Input: …`. */
function readCall(text: string, start: number): TextCall | undefined {
  const head = /^[`"'*]{0,2}([A-Za-z_][\w.-]*)[`"'*]{0,2}[ \t]*([(,:]?)[ \t]*/.exec(
    text.slice(start),
  );
  if (head === null) return undefined;
  const [whole, name = "", separator] = head;
  const afterName = start + whole.length;
  const input =
    separator === "" ? /^\n[ \t]*action input[ \t]*:[ \t]*/i.exec(text.slice(afterName)) : null;
  const argumentsStart = afterName + (input?.[0].length ?? 0);
  const { pieces, end } = splitArguments(text, argumentsStart, separator === "(" ? ")" : "\n");
  return { name, pieces, argumentsStart, end };
}

function parseMarkedAnswer(
  text: string,
  { from, markerStart }: { from: number; markerStart: number },
  end: MessageEnd,
): ParsedMessage {
  const rest = text.slice(from);
  const invented = /^[ \t]*(?:observation|action)[ \t]*:/im.exec(rest)?.index;
  const cut = from + (invented ?? rest.length);
  const parsed = parseAnswerMessage(
    text.slice(from, cut),
    [],
    // What was invented after the answer may well be cut.
    invented === undefined ? end : { finishReason: "stop" },
    hints,
  );
  const thought = withoutReasoningTags(text.slice(0, markerStart)).trim();
  return { ...parsed, thought, text: text.slice(0, cut).trim() };
}
