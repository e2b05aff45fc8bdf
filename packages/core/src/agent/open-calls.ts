import type { Message, ToolCallPart, ToolResultPart } from "../model/message.js";

const lost = "The result was not stored; whether the call had an effect is not known.";

/**
 * Gives each tool call without a result one that says so. A conversation that was stored in the
 * middle of a step has such calls, and APIs refuse it.
 */
export function closeOpenCalls(messages: readonly Message[]): Message[] {
  const closed: Message[] = [];
  let open: ToolCallPart[] = [];
  const close = (): void => {
    if (open.length > 0) closed.push({ role: "tool", content: open.map(lostResult) });
    open = [];
  };
  for (const message of messages) {
    if (message.role === "tool") {
      const answered = new Set(message.content.map(({ toolCallId }) => toolCallId));
      open = open.filter(({ toolCallId }) => !answered.has(toolCallId));
    } else {
      close();
    }
    closed.push(message);
    if (message.role === "assistant") {
      open = message.content.filter((part) => part.type === "tool-call");
    }
  }
  close();
  return closed;
}

function lostResult({ toolCallId, name }: ToolCallPart): ToolResultPart {
  return {
    type: "tool-result",
    toolCallId,
    name,
    content: [{ type: "text", text: lost }],
    isError: true,
  };
}
