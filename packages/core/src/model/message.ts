import type { JsonValue } from "../json.js";

/**
 * Opaque data of a provider (a reasoning item, a thought signature). It is stored with the part
 * and sent back verbatim; nobody but the adapter that made it reads it.
 */
export type ProviderData = JsonValue;

/** Plain text. */
export interface TextPart {
  type: "text";
  text: string;
  providerData?: ProviderData;
}

/** An image. */
export interface ImagePart {
  type: "image";
  /** For example `image/png`. */
  mediaType: string;
  /** The image's bytes in base64. */
  data: string;
  providerData?: ProviderData;
}

/** What a reasoning model thought before it spoke. Never searched for actions. */
export interface ReasoningPart {
  type: "reasoning";
  text: string;
  providerData?: ProviderData;
}

/** A call of one of the API's own function tools. */
export interface ToolCallPart {
  type: "tool-call";
  toolCallId: string;
  name: string;
  /** The arguments exactly as the model wrote them: JSON text, possibly malformed. */
  arguments: string;
  providerData?: ProviderData;
}

/** The result of a {@link ToolCallPart}. */
export interface ToolResultPart {
  type: "tool-result";
  toolCallId: string;
  name: string;
  content: (TextPart | ImagePart)[];
  isError?: boolean;
  providerData?: ProviderData;
}

/** Instructions to the model. */
export interface SystemMessage {
  role: "system";
  content: TextPart[];
}

/** What the user, or the environment in the user's place, said. */
export interface UserMessage {
  role: "user";
  content: (TextPart | ImagePart)[];
}

/** What the model said. */
export interface AssistantMessage {
  role: "assistant";
  content: (TextPart | ReasoningPart | ToolCallPart)[];
}

/** Results of the tool calls of the assistant message before. */
export interface ToolMessage {
  role: "tool";
  content: ToolResultPart[];
}

/** One message of a conversation. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

/** The text parts of a message, joined; reasoning and tool parts are left out. */
export function messageText(message: Message): string {
  return message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
