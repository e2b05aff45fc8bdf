import type { Usage } from "@codeact/core";
import type { WireUsage } from "./chunk.js";

/** Usage in our spelling; what the server did not report stays absent. */
export function readUsage(wire: WireUsage): Usage {
  const inputTokens = wire.prompt_tokens ?? undefined;
  const outputTokens = outputCount(wire);
  const cached = wire.prompt_tokens_details?.cached_tokens ?? wire.prompt_cache_hit_tokens;
  const reasoning = wire.completion_tokens_details?.reasoning_tokens;
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(typeof cached === "number" ? { cachedInputTokens: cached } : {}),
    ...(typeof reasoning === "number" ? { reasoningTokens: reasoning } : {}),
  };
}

/** Some servers count reasoning beside the completion; their total shows it. */
function outputCount(wire: WireUsage): number | undefined {
  const completion = wire.completion_tokens ?? undefined;
  const reasoning = wire.completion_tokens_details?.reasoning_tokens ?? 0;
  if (completion === undefined) return undefined;
  const sum = (wire.prompt_tokens ?? 0) + completion + reasoning;
  return reasoning > 0 && wire.total_tokens === sum ? completion + reasoning : completion;
}
