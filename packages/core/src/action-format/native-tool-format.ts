import { messageText, type Message, type ToolResultPart } from "../model/message.js";
import { bufferedReader } from "./buffered-reader.js";
import { codeInstructions } from "./code-instructions.js";
import { parseCodeMessage, usesTags } from "./code-message.js";
import type {
  ActionFormat,
  ActionObservation,
  CodeAction,
  MessageEnd,
  ObservationContext,
  ParsedMessage,
} from "./contract.js";
import { hintFor, type Hints, mayBeCut } from "./hints.js";
import { parseToolArguments } from "./native-tool-arguments.js";
import { feedbackMessage, observationMessage, withNotes } from "./observation-messages.js";
import { withoutReasoningTags } from "./reasoning.js";

const toolName = "execute_python";

const hints: Hints = {
  act: `To act, call the tool ${toolName} with {"code": "…"}.`,
  answer:
    "To finish, write your answer without a tool call, or call final_answer(value) in the code.",
};

/**
 * The model acts by Python that it sends as the argument of an API function tool,
 * `execute_python(code)`. For models that are trained on tool calls more than on text; needs
 * `capabilities.tools`.
 *
 * Several calls in one message run in order. Every call gets exactly one result, also when
 * nothing was run. Arguments that are not quite JSON are read all the same, and code that the
 * model writes in its text runs as with `codeFormat()`. A message without code is the answer.
 *
 * @example
 * ```ts
 * const agent = new Agent({ model, executor, actionFormat: nativeToolFormat() });
 * ```
 */
export function nativeToolFormat(): ActionFormat {
  return {
    name: "native-tool",
    usesInterpreter: true,
    stop: [],
    tools: [
      {
        name: toolName,
        description:
          "Runs Python code in a live session that keeps its variables, and returns what it prints.",
        inputSchema: {
          type: "object",
          properties: { code: { type: "string", description: "The Python code to run." } },
          required: ["code"],
          additionalProperties: false,
        },
      },
    ],
    instructions: (context) => codeInstructions(context, "native"),
    reader: ({ messages }) =>
      bufferedReader((text, end) =>
        end.toolCalls.length > 0
          ? parseToolCalls(text, end)
          : parseCodeMessage(text, end, { fencesCount: !messages.some(hasAction), hints }),
      ),
    renderObservations,
    renderFeedback: (hint, context) =>
      context.toolCalls.length === 0
        ? [feedbackMessage(hint, context)]
        : renderResults([], context, hint),
  };
}

function hasAction(message: Message): boolean {
  return (
    message.role === "assistant" &&
    (message.content.some((part) => part.type === "tool-call") || usesTags(messageText(message)))
  );
}

function parseToolCalls(text: string, { toolCalls, finishReason }: MessageEnd): ParsedMessage {
  const common = { thought: withoutReasoningTags(text).trim(), text: text.trim() };
  const actions: CodeAction[] = [];
  for (const { name, toolCallId, arguments: source } of toolCalls) {
    if (!isCodeTool(name)) return { type: "invalid", ...common, ...unknownTool(name) };
    const parsed = parseToolArguments(source);
    const isCut = mayBeCut(finishReason) && parsed?.isComplete !== true;
    if (parsed === undefined || isCut) {
      const reason = isCut ? "truncated" : "malformed";
      return { type: "invalid", reason, hint: hintFor(reason, hints), ...common };
    }
    actions.push({ type: "code", code: parsed.code, toolCallId });
  }
  return { type: "action", actions, ...common };
}

/** Models prefix and shorten the name. */
function isCodeTool(name: string): boolean {
  return /^(?:functions\.)?(?:execute_python|execute|python)$/i.test(name.trim());
}

function unknownTool(name: string): { reason: "unknown-tool"; hint: string } {
  return {
    reason: "unknown-tool",
    hint: `There is no tool "${name}" to call directly, so nothing was run. The only tool is ${toolName}; call every other function from its Python code.`,
  };
}

function renderObservations(
  observations: readonly ActionObservation[],
  context: ObservationContext,
): Message[] {
  const calls = observations.filter((observation) => callId(observation) !== undefined);
  if (calls.length > 0 || context.toolCalls.length > 0) return renderResults(calls, context);
  return [observationMessage(observations, context)];
}

/** One result for each tool call; those without an observation get `otherwise`. */
function renderResults(
  observations: readonly ActionObservation[],
  context: ObservationContext,
  otherwise = "Not run.",
): Message[] {
  const byId = new Map(observations.map((observation) => [callId(observation), observation]));
  const calls = [
    ...context.toolCalls.map(({ toolCallId, name }) => ({ toolCallId, name })),
    // Each is answered, also when the caller does not list it.
    ...[...byId.keys()].flatMap((toolCallId) =>
      toolCallId === undefined || context.toolCalls.some((call) => call.toolCallId === toolCallId)
        ? []
        : [{ toolCallId, name: toolName }],
    ),
  ];
  const results = calls.map(({ toolCallId, name }, index): ToolResultPart => {
    const observation = byId.get(toolCallId);
    const isLast = index === calls.length - 1;
    const text = observation?.text ?? otherwise;
    const images = observation?.images ?? [];
    return {
      type: "tool-result",
      toolCallId,
      name,
      content: [{ type: "text", text: isLast ? withNotes(text, context) : text }, ...images],
      ...(observation === undefined && { isError: true }),
    };
  });
  return [{ role: "tool", content: results }];
}

function callId({ action }: ActionObservation): string | undefined {
  return action.type === "code" ? action.toolCallId : undefined;
}
