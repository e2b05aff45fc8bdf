import type {
  AssistantMessage,
  ImagePart,
  Message,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from "@codeact/core";
import { messageText } from "@codeact/core";
import type { OpenAI } from "openai";
import { legalArguments, omittedImage, wellFormed } from "../../request/legal-text.js";
import { readCallData } from "./call-data.js";
import { readReasoningData } from "./reasoning-data.js";

type WireMessage = OpenAI.ChatCompletionMessageParam;
type WireAssistant = OpenAI.ChatCompletionAssistantMessageParam;
type WireToolCall = OpenAI.ChatCompletionMessageFunctionToolCall;

/** Fields that compatible servers added to the messages of the API. */
type ReasoningFields = {
  reasoning_content?: string;
  reasoning?: string;
  reasoning_details?: unknown[];
};

/** The conversation as the API wants it. */
export function toWireMessages(
  messages: readonly Message[],
  options: { sendReasoning: boolean },
): WireMessage[] {
  return messages.flatMap((message): WireMessage[] => {
    switch (message.role) {
      case "system":
        return [{ role: "system", content: wellFormed(messageText(message)) }];
      case "user":
        return [{ role: "user", content: userContent(message.content) }];
      case "assistant":
        return [assistantMessage(message, options.sendReasoning)];
      case "tool":
        return message.content.map(toolMessage);
    }
  });
}

/** Plain text stays a string, because many servers know no content parts. */
function userContent(
  parts: readonly (TextPart | ImagePart)[],
): string | OpenAI.ChatCompletionContentPart[] {
  if (parts.every((part) => part.type === "text")) {
    return wellFormed(parts.map((part) => part.text).join(""));
  }
  return parts.map((part) =>
    part.type === "text"
      ? { type: "text", text: wellFormed(part.text) }
      : {
          type: "image_url",
          image_url: { url: `data:${part.mediaType};base64,${part.data}` },
        },
  );
}

function assistantMessage(message: AssistantMessage, sendReasoning: boolean): WireAssistant {
  const calls = message.content.filter((part) => part.type === "tool-call");
  const text = wellFormed(messageText(message));
  if (calls.length === 0) return { role: "assistant", content: text };
  const reasoning = message.content.filter((part) => part.type === "reasoning");
  return {
    role: "assistant",
    content: text === "" ? null : text,
    tool_calls: calls.map(wireToolCall),
    ...(sendReasoning ? reasoningFields(reasoning) : {}),
  };
}

/**
 * Thinking models want their reasoning back only beside the tool calls that it led to; elsewhere
 * it costs tokens, and some servers refuse it.
 */
function reasoningFields(parts: readonly ReasoningPart[]): ReasoningFields {
  const fields: ReasoningFields = {};
  for (const part of parts) {
    const data = readReasoningData(part.providerData);
    if (!data) continue;
    fields[data.field] = (fields[data.field] ?? "") + wellFormed(part.text);
    if (data.details.length === 0) continue;
    fields.reasoning_details = [...(fields.reasoning_details ?? []), ...data.details];
  }
  return fields;
}

function wireToolCall(part: ToolCallPart): WireToolCall {
  const data = readCallData(part.providerData);
  return {
    id: part.toolCallId,
    type: "function",
    function: { name: part.name, arguments: legalArguments(part.arguments) },
    ...(data ? { extra_content: data.extraContent } : {}),
  };
}

function toolMessage(part: ToolResultPart): WireMessage {
  const content = part.content.map((item) => (item.type === "text" ? item.text : omittedImage));
  return { role: "tool", tool_call_id: part.toolCallId, content: wellFormed(content.join("\n")) };
}
