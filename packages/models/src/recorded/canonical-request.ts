import type { JsonValue, Message } from "@codeact/core";
import type { RecordedRequest } from "./exchange.js";

/**
 * A request as it is compared: without provider data, and with tool call ids numbered in the order
 * in which they appear, because both differ from run to run. Members are sorted.
 */
export function canonicalRequest(request: RecordedRequest): JsonValue {
  const ids = new Map<string, string>();
  const renamed = (id: string): string => {
    const known = ids.get(id) ?? `call ${ids.size + 1}`;
    ids.set(id, known);
    return known;
  };
  const { messages, stop, tools, maxOutputTokens, temperature, seed } = request;
  return sorted({
    messages: messages.map((message) => canonicalMessage(message, renamed)),
    stop: stop ?? [],
    tools: tools ?? [],
    maxOutputTokens,
    temperature,
    seed,
  });
}

function canonicalMessage(message: Message, renamed: (id: string) => string): unknown {
  return {
    role: message.role,
    content: message.content.map(({ providerData: _, ...part }) => ({
      ...part,
      ...("toolCallId" in part ? { toolCallId: renamed(part.toolCallId) } : {}),
    })),
  };
}

/** JSON with sorted members and without absent ones. */
function sorted(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value as JsonValue;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
