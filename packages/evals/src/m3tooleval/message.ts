import type { FormatName } from "../suite/format.js";

/** What the harness is called in the interpreter. */
export const harnessName = "codeact_m3tooleval";

/** What a message asks for, in the paper's protocol. */
export type M3Message =
  | { type: "action"; action: string }
  | { type: "answer"; answer: string }
  | { type: "invalid" };

/** Cuts off what a model invented after its first action or answer. */
export function cutMessage(given: string): string {
  const message = given.trimStart();
  const markers = [...message.matchAll(/Answer:|Action:/g)];
  const second = markers[1];
  if (second === undefined) return message;
  let cut = message.slice(0, second.index).trim();
  // Without an action this is a place near the beginning, as in the original.
  const afterMarker = cut.indexOf("Action:") + "Action:".length;
  const end = cut.indexOf("End Action", afterMarker);
  if (end >= 0) cut = cut.slice(0, end + "End Action".length).trim();
  const thought = cut.indexOf("Thought:", afterMarker);
  return thought >= 0 ? cut.slice(0, thought).trim() : cut;
}

/** Reads a message that was cut. */
export function readMessage(message: string): M3Message {
  const [answer, action] = ["Answer:", "Action:"].map((marker) => message.indexOf(marker)) as [
    number,
    number,
  ];
  // A cut message has at most one of them.
  if (answer >= 0)
    return { type: "answer", answer: message.slice(answer + "Answer:".length).trim() };
  if (action < 0) return { type: "invalid" };
  const rest = message.slice(action + "Action:".length).trimStart();
  const end = rest.indexOf("End Action");
  return { type: "action", action: end < 0 ? rest : rest.slice(0, end) };
}

/** An action out of a code fence, where it stands in one. */
export function withoutFence(action: string): string {
  return /^\s*```\w*\n([^]*?)\n?```\s*$/.exec(action)?.[1] ?? action;
}

/** What the interpreter runs for an action: the code itself, or a call that carries it out. */
export function codeOf(action: string, format: FormatName): string {
  return format === "code" ? action : `${harnessName}.act(${JSON.stringify(action)})`;
}
