import type { ParsedMessage } from "../action-format/contract.js";
import type { AssistantMessage } from "../model/message.js";
import type { ModelReply } from "./ask-model.js";

/**
 * The model's message as it goes into the conversation: reasoning and tool calls as they came,
 * the text as the reader cut and repaired it.
 */
export function assistantMessage(reply: ModelReply, parsed: ParsedMessage): AssistantMessage {
  const original = reply.content.map((part) => (part.type === "text" ? part.text : "")).join("");
  // Untouched text keeps its parts, and with them what the provider attached to each.
  if (original === parsed.text) return { role: "assistant", content: withoutEmptyText(reply) };
  const content: AssistantMessage["content"] = [];
  let placed = parsed.text === "";
  for (const part of reply.content) {
    if (part.type !== "text") content.push(part);
    else if (!placed) {
      content.push({ type: "text", text: parsed.text });
      placed = true;
    }
  }
  return { role: "assistant", content };
}

function withoutEmptyText(reply: ModelReply): AssistantMessage["content"] {
  return reply.content.filter(
    (part) => part.type !== "text" || part.text !== "" || part.providerData !== undefined,
  );
}
