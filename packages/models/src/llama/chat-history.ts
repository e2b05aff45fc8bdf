import { type Message, ModelError, messageText } from "@codeact/core";
import type { ChatHistoryItem } from "node-llama-cpp";

/**
 * Messages in the form that chat templates are applied to. Neighbours of one role become one
 * message, because many templates insist on taking turns. Reasoning is left out, as the templates
 * of reasoning models do.
 * @throws `ModelError` with code `model-invalid-request` for what a text model cannot read
 */
export function chatHistory(messages: readonly Message[], modelId: string): ChatHistoryItem[] {
  const turns: { role: Message["role"]; text: string }[] = [];
  for (const message of messages) {
    const text = textOf(message, modelId);
    const last = turns.at(-1);
    if (last?.role === message.role) last.text += `\n\n${text}`;
    else turns.push({ role: message.role, text });
  }
  // The model's turn: templates open its message.
  if (turns.at(-1)?.role !== "assistant") turns.push({ role: "assistant", text: "" });
  return turns.map(({ role, text }) => historyItem(role, text));
}

function historyItem(role: Message["role"], text: string): ChatHistoryItem {
  switch (role) {
    case "system":
      return { type: "system", text };
    case "assistant":
      return { type: "model", response: text === "" ? [] : [text] };
    default:
      return { type: "user", text };
  }
}

function textOf(message: Message, modelId: string): string {
  for (const { type } of message.content) {
    if (type === "text" || type === "reasoning") continue;
    throw new ModelError(
      "model-invalid-request",
      `${modelId} got a message with a part of type ${type}; it takes text only.`,
    );
  }
  return messageText(message);
}
