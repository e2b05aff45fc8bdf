import type { MessageEnd, MessageReader, ParsedMessage } from "./contract.js";

/**
 * A reader that parses the whole text once the message has ended. What a message is can change
 * with its last character, so nothing could be told earlier; and the pieces cannot matter.
 */
export function bufferedReader(
  parse: (text: string, end: MessageEnd) => ParsedMessage,
): MessageReader {
  const pieces: string[] = [];
  return {
    push(delta) {
      pieces.push(delta);
    },
    end: (end) => parse(pieces.join("").replace(/\r\n?/g, "\n"), end),
  };
}
