import type { Conversation } from "./conversation.js";

type Turn = Conversation["conversations"][number];

const separator = /\n+---\n+/;

/**
 * Takes a conversation in MINT's protocol apart as the paper does for CodeActInstruct: its first
 * message holds the rules, an example and the task. The example goes, the rules become the system
 * message without what they say of thoughts, and the mark before each answer goes too. Other
 * conversations stay as they are.
 */
export function withoutExample(turns: readonly Turn[]): Turn[] {
  const [first, ...rest] = turns;
  const [rules, example, task, ...others] = first?.content.split(separator) ?? [];
  const isMint = first?.role === "user" && example !== undefined && others.length === 0;
  if (!isMint || rules === undefined || task === undefined) return [...turns];
  return [
    { role: "system", content: withoutThoughtRule(rules).trim() },
    { role: "user", content: task.trim() },
    ...rest.map(({ role, content }) => ({
      role,
      content: role === "assistant" ? content.replace(/^\s*Assistant:\n/, "") : content,
    })),
  ];
}

/** Without the sentence that asks for tags around thoughts. */
function withoutThoughtRule(rules: string): string {
  return rules.replace(/ ?[^.\n]*<thought>.*?<\/thought>\.?/, "");
}
