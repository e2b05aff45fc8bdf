/** What a message asks for, in MINT's protocol. */
export type MintMessage =
  | { type: "code"; code: string }
  | { type: "solution"; solution: string }
  | { type: "invalid" };

/**
 * Reads a message: a solution anywhere in it wins, all blocks of code are run as one. As in the
 * original, a solution that is not closed is one that says nothing.
 */
export function readMintMessage(message: string): MintMessage {
  if (message.includes("<solution>")) {
    return { type: "solution", solution: insideOf("solution", message) };
  }
  const code = insideOf("execute", message);
  return code === "" ? { type: "invalid" } : { type: "code", code };
}

function insideOf(tag: string, message: string): string {
  const blocks = message.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, "gs"));
  return [...blocks].map(([, inside = ""]) => inside.trim()).join("\n");
}
