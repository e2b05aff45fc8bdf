import type { FinishReason } from "@codeact/core";

const reasons: ReadonlyMap<string, FinishReason> = new Map([
  ["stop", "stop"],
  ["eos", "stop"],
  ["length", "length"],
  ["max_tokens", "length"],
  ["model_length", "length"],
  ["tool_calls", "tool-calls"],
  ["function_call", "tool-calls"],
  ["content_filter", "content-filter"],
  ["error", "error"],
]);

/** The API's finish reason in our words. */
export function readFinishReason(wire: string): FinishReason {
  return reasons.get(wire) ?? "other";
}
