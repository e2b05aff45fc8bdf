const partsByRole: ReadonlyMap<unknown, readonly unknown[]> = new Map([
  ["system", ["text"]],
  ["user", ["text", "image"]],
  ["assistant", ["text", "reasoning", "tool-call"]],
  ["tool", ["tool-result"]],
]);

/**
 * What is wrong with messages that came from outside, such as a stored conversation. Looks as
 * deep as the usual mistakes: content that is a string, or another library's roles and parts.
 */
export function problemOfMessages(messages: unknown): string | undefined {
  if (!Array.isArray(messages)) return "they are not an array";
  for (const [index, message] of messages.entries()) {
    const { role, content } = fieldsOf(message);
    const allowed = partsByRole.get(role);
    if (!allowed) {
      const roles = [...partsByRole.keys()].join(", ");
      return `message ${index} has the role ${String(role)}; roles are ${roles}`;
    }
    if (!Array.isArray(content)) {
      return `the content of message ${index} is not an array of parts, such as { type: "text", text }`;
    }
    for (const part of content) {
      const { type, text } = fieldsOf(part);
      if (!allowed.includes(type)) {
        return `message ${index} has a part of type ${String(type)}; there they are ${allowed.join(", ")}`;
      }
      if (type === "text" && typeof text !== "string") {
        return `a text part of message ${index} has no text`;
      }
    }
  }
  return undefined;
}

function fieldsOf(value: unknown): { [key: string]: unknown } {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
