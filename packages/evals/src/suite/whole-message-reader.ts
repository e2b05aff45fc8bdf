import type { MessageReader, ParsedMessage } from "@codeact/core";

/** Reads a message when it has ended. */
export function wholeMessageReader(read: (message: string) => ParsedMessage): MessageReader {
  let message = "";
  return {
    push: (delta) => {
      message += delta;
    },
    end: () => read(message),
  };
}
