import type { UsageTotal } from "@codeact/core";

/** A duration in the unit that suits it. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 10) return `${durationMs.toFixed(1)} ms`;
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  return `${(durationMs / 1000).toFixed(1)} s`;
}

/** The tokens of a run; says so when the model reported none, or not all. */
export function formatTokens({ inputTokens, outputTokens, complete }: UsageTotal): string {
  if (!complete && inputTokens + outputTokens === 0) return "tokens not reported";
  const [input, output] = [inputTokens, outputTokens].map((count) => count.toLocaleString("en"));
  return `${complete ? "" : "at least "}${input} tokens in, ${output} out`;
}

/** A number and its noun. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
