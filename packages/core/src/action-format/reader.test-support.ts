import type { Message, ToolCallPart } from "../model/message.js";
import type { FinishReason } from "../model/model.js";
import type { ActionFormat, ParsedMessage, ToolDescription } from "./contract.js";

/** A message as a test gives it to a format. */
export interface TestMessage {
  message: string;
  finishReason?: FinishReason;
  /** What the model wrote earlier in the conversation. */
  earlier?: string;
  toolCalls?: readonly ToolCallPart[];
  tools?: readonly ToolDescription[];
}

/** Reads a message in one piece. */
export function readWhole(format: ActionFormat, example: TestMessage): ParsedMessage {
  return readPieces(format, example, [example.message]);
}

/** Reads a message in the given pieces. */
export function readPieces(
  format: ActionFormat,
  { finishReason = "stop", earlier, toolCalls = [], tools = [] }: TestMessage,
  pieces: readonly string[],
): ParsedMessage {
  const messages: Message[] =
    earlier === undefined
      ? []
      : [{ role: "assistant", content: [{ type: "text", text: earlier }] }];
  const reader = format.reader({ tools, messages });
  for (const piece of pieces) reader.push(piece);
  return reader.end({ finishReason, toolCalls });
}
