import type { ExecutionResult } from "@codeact/core";

/** The text that a cell wrote, both streams. */
export function textOf(result: ExecutionResult): string {
  return result.outputs.map((output) => (output.type === "text" ? output.text : "")).join("");
}

/** The `repr` of a cell's last expression. */
export function shown(result: ExecutionResult): unknown {
  for (const output of result.outputs) {
    if (output.type === "display") return output.data["text/plain"];
  }
  return undefined;
}
