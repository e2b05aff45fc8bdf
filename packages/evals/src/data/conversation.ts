import { type Message, messageText, type Trajectory, trajectoryMessages } from "@codeact/core";
import { z } from "zod";
import { withoutExample } from "./in-context-example.js";

/** One conversation of a data set. Observations have the role `user`, as in CodeActInstruct. */
export interface Conversation {
  id: string;
  conversations: { role: "system" | "user" | "assistant"; content: string }[];
}

/** Validates a conversation: a system message at most at the beginning, then user and assistant in turn. */
export const conversationSchema = z
  .object({
    id: z.string().min(1),
    conversations: z.array(
      z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string().min(1) }),
    ),
  })
  .refine(({ conversations }) => isAlternating(conversations), {
    message:
      "after the system message, user and assistant must alternate and end with the assistant",
  });

/** Whether user and assistant speak in turn, the user first and the assistant last. */
export function isAlternating(conversation: Conversation["conversations"]): boolean {
  const turns = conversation.filter(({ role }, index) => role !== "system" || index > 0);
  return (
    turns.length > 0 &&
    turns.length % 2 === 0 &&
    turns.every(({ role }, index) => role === (index % 2 === 0 ? "user" : "assistant"))
  );
}

/**
 * The conversation of a run as texts. Tags around thoughts are taken off, what is in them stays.
 * @param hasExample whether the first message has an in-context example, as MINT's; it goes
 * @returns nothing where that example cannot be taken out
 */
export function conversationOf(
  id: string,
  trajectory: Trajectory,
  hasExample: boolean,
): Conversation | undefined {
  const spoken = trajectoryMessages(trajectory)
    .map((message) => ({ role: roleOf(message), content: textOf(message).trim() }))
    .filter(({ content }) => content !== "");
  const turns = hasExample ? withoutExample(spoken) : spoken;
  if (turns === undefined) return undefined;
  const messages = turns.map(({ role, content }) => ({
    role,
    content: withoutThoughtTags(content).trim(),
  }));
  // The last observation, of a final answer by call, is read by nobody.
  while (messages.at(-1)?.role === "user") messages.pop();
  return { id, conversations: messages.filter(({ content }) => content !== "") };
}

function roleOf({ role }: Message): "system" | "user" | "assistant" {
  return role === "tool" ? "user" : role;
}

function textOf(message: Message): string {
  if (message.role === "tool") {
    return message.content.flatMap(({ content }) => content.map(partText)).join("\n");
  }
  if (message.role === "user") return message.content.map(partText).join("");
  return messageText(message);
}

function partText(part: { type: "text"; text: string } | { type: "image" }): string {
  return part.type === "text" ? part.text : "[image]";
}

function withoutThoughtTags(text: string): string {
  return text.replaceAll(/<\/?(?:thought|think)>/g, "");
}
