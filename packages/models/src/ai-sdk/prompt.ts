import {
  type AssistantMessage,
  type ImagePart,
  type JsonValue,
  type Message,
  messageText,
  type TextPart,
  type ToolCallPart,
  type ToolResultPart,
} from "@codeact/core";
import { legalArguments, omittedImage, wellFormed } from "../request/legal-text.js";
import type {
  AssistantPart,
  FilePart,
  PromptMessage,
  PromptText,
  PromptToolResult,
  ToolOutput,
} from "./call-options.js";
import type { AiSdkLanguageModel } from "./language-model.js";
import { readPartData } from "./part-data.js";

/** What prompts of a model have in common. */
export interface PromptStyle {
  version: AiSdkLanguageModel["specificationVersion"];
  provider: string;
  /** Whether a tool's result may hold images. */
  toolResultImages: boolean;
}

/** The conversation as the provider wants it. */
export function toPrompt(messages: readonly Message[], style: PromptStyle): PromptMessage[] {
  return messages.flatMap((message): PromptMessage[] => {
    switch (message.role) {
      case "system":
        return [{ role: "system", content: wellFormed(messageText(message)) }];
      case "user":
        return [{ role: "user", content: message.content.map((part) => userPart(part, style)) }];
      case "assistant": {
        const content = assistantParts(message, style);
        return content.length > 0 ? [{ role: "assistant", content }] : [];
      }
      case "tool":
        return [{ role: "tool", content: message.content.map((part) => toolResult(part, style)) }];
    }
  });
}

function userPart(part: TextPart | ImagePart, style: PromptStyle): PromptText | FilePart {
  return part.type === "text" ? textPart(part) : filePart(part, style);
}

function textPart({ text }: TextPart): PromptText {
  return { type: "text", text: wellFormed(text) };
}

function filePart({ mediaType, data }: ImagePart, { version }: PromptStyle): FilePart {
  return { type: "file", mediaType, data: version === "v4" ? { type: "data", data } : data };
}

/**
 * Reasoning that another model made is left out: a provider would refuse it for want of a
 * signature, or take it for its own.
 */
function assistantParts({ content }: AssistantMessage, { provider }: PromptStyle): AssistantPart[] {
  return content.flatMap((part): AssistantPart[] => {
    const metadata = readPartData(provider, part.providerData);
    const options =
      metadata && Object.keys(metadata).length > 0 ? { providerOptions: metadata } : {};
    switch (part.type) {
      case "text":
        // Empty texts are refused by several APIs, and say nothing.
        return part.text === "" && !metadata ? [] : [{ ...textPart(part), ...options }];
      case "reasoning":
        return metadata ? [{ type: "reasoning", text: wellFormed(part.text), ...options }] : [];
      case "tool-call":
        return [{ ...toolCall(part), ...options }];
    }
  });
}

function toolCall({ toolCallId, name, arguments: text }: ToolCallPart) {
  const value = JSON.parse(legalArguments(text)) as JsonValue;
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  // A call's input is an object; anything else makes APIs refuse the conversation.
  const input = isObject ? value : { malformed_arguments: wellFormed(text) };
  return { type: "tool-call" as const, toolCallId, toolName: name, input };
}

function toolResult(part: ToolResultPart, style: PromptStyle): PromptToolResult {
  return {
    type: "tool-result",
    toolCallId: part.toolCallId,
    toolName: part.name,
    output: toolOutput(part, style),
  };
}

function toolOutput({ content, isError }: ToolResultPart, style: PromptStyle): ToolOutput {
  if (!style.toolResultImages || content.every((part) => part.type === "text")) {
    const texts = content.map((part) => (part.type === "text" ? part.text : omittedImage));
    return { type: isError ? "error-text" : "text", value: wellFormed(texts.join("\n")) };
  }
  return {
    type: "content",
    value: content.map((part) => {
      if (part.type === "text") return textPart(part);
      const { mediaType, data } = part;
      if (style.version === "v2") return { type: "media", mediaType, data };
      if (style.version === "v3") return { type: "image-data", mediaType, data };
      return filePart(part, style);
    }),
  };
}
