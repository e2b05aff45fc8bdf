import type { Conversation } from "./conversation.js";

type Turn = Conversation["conversations"][number];

const separator = /\n+---\n+/;
const lastSeparator = /[^]*\n---\n+(?=Task:\n)/;

/**
 * Takes a conversation in MINT's protocol apart as the paper does for CodeActInstruct: its first
 * message holds the rules, an example and the task. The example goes, the rules become the system
 * message without what they say of thoughts, and the mark before each answer goes too.
 *
 * @returns nothing where the parts cannot be told: the example would stay
 */
export function withoutExample(turns: readonly Turn[]): Turn[] | undefined {
  const [first, ...rest] = turns;
  if (first?.role !== "user") return undefined;
  const { content } = first;
  const rulesEnd = separator.exec(content);
  const beforeTask = lastSeparator.exec(content)?.[0];
  if (rulesEnd === null || beforeTask === undefined) return undefined;
  // Rules and task around an example: with one line alone there is none, or no end of it.
  if (rulesEnd.index + rulesEnd[0].length >= beforeTask.length) return undefined;
  return [
    { role: "system", content: withoutThoughtRule(content.slice(0, rulesEnd.index)).trim() },
    { role: "user", content: content.slice(beforeTask.length).trim() },
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
