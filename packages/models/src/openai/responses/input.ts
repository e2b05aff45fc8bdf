import {
  type AssistantMessage,
  type ImagePart,
  type Message,
  messageText,
  type TextPart,
  type ToolResultPart,
} from "@codeact/core";
import type { OpenAI } from "openai";
import { legalArguments, omittedImage, wellFormed } from "../../request/legal-text.js";
import { readReasoningItem } from "./reasoning-data.js";

type InputItem = OpenAI.Responses.ResponseInputItem;
type InputContent = OpenAI.Responses.ResponseInputText | OpenAI.Responses.ResponseInputImage;

/** What the server takes. */
export interface InputStyle {
  /** Whether a tool's result may hold images. */
  toolResultImages: boolean;
}

/** The conversation as the API wants it. */
export function toInput(messages: readonly Message[], style: InputStyle): InputItem[] {
  return messages.flatMap((message): InputItem[] => {
    switch (message.role) {
      case "system":
        return [{ role: "system", content: wellFormed(messageText(message)) }];
      case "user":
        return [{ role: "user", content: userContent(message.content) }];
      case "assistant":
        return assistantItems(message);
      case "tool":
        return message.content.map((part) => toolOutput(part, style));
    }
  });
}

/** Plain text stays a string, because many servers know no content parts. */
function userContent(parts: readonly (TextPart | ImagePart)[]): string | InputContent[] {
  if (parts.every((part) => part.type === "text")) {
    return wellFormed(parts.map((part) => part.text).join(""));
  }
  return parts.map(contentPart);
}

function contentPart(part: TextPart | ImagePart): InputContent {
  return part.type === "text"
    ? { type: "input_text", text: wellFormed(part.text) }
    : {
        type: "input_image",
        detail: "auto",
        image_url: `data:${part.mediaType};base64,${part.data}`,
      };
}

/** The parts in their order, because a reasoning item belongs to what follows it. */
function assistantItems({ content }: AssistantMessage): InputItem[] {
  const items = content.flatMap((part): InputItem[] => {
    switch (part.type) {
      case "text":
        return part.text === "" ? [] : [{ role: "assistant", content: wellFormed(part.text) }];
      case "reasoning": {
        const item = readReasoningItem(part.providerData);
        return item ? [item as unknown as OpenAI.Responses.ResponseReasoningItem] : [];
      }
      case "tool-call":
        return [
          {
            type: "function_call",
            call_id: part.toolCallId,
            name: part.name,
            arguments: legalArguments(part.arguments),
          },
        ];
    }
  });
  // The API refuses a reasoning item that nothing follows.
  while (items.at(-1)?.type === "reasoning") items.pop();
  return items;
}

function toolOutput(
  { toolCallId, content }: ToolResultPart,
  { toolResultImages }: InputStyle,
): InputItem {
  const output =
    toolResultImages && content.some((part) => part.type === "image")
      ? content.map(contentPart)
      : content.map((part) => (part.type === "text" ? part.text : omittedImage)).join("\n");
  return {
    type: "function_call_output",
    call_id: toolCallId,
    output: typeof output === "string" ? wellFormed(output) : output,
  };
}
