import type { Usage } from "@codeact/core";
import type { FlatUsage, NestedUsage, ProviderMetadata } from "./stream-part.js";

/** Usage in our spelling; `undefined` if the provider reported no tokens at all. */
export function readUsage(
  wire: FlatUsage | NestedUsage | undefined,
  metadata: ProviderMetadata | undefined,
): Usage | undefined {
  if (!wire) return undefined;
  const { input, output, cached, reasoning } = isNested(wire)
    ? {
        input: wire.inputTokens.total,
        output: wire.outputTokens.total,
        cached: wire.inputTokens.cacheRead,
        reasoning: wire.outputTokens.reasoning,
      }
    : {
        input: wholeInput(wire, metadata),
        output: wholeOutput(wire),
        cached: wire.cachedInputTokens,
        reasoning: wire.reasoningTokens,
      };
  if (!isCount(input) && !isCount(output)) return undefined;
  return {
    ...(isCount(input) ? { inputTokens: input } : {}),
    ...(isCount(output) ? { outputTokens: output } : {}),
    ...(isCount(cached) ? { cachedInputTokens: cached } : {}),
    ...(isCount(reasoning) ? { reasoningTokens: reasoning } : {}),
  };
}

/** In V2 Anthropic's input tokens are only those that no cache was involved in. */
function wholeInput(wire: FlatUsage, metadata: ProviderMetadata | undefined): number | undefined {
  const created = metadata?.["anthropic"]?.["cacheCreationInputTokens"];
  if (created === undefined || !isCount(wire.inputTokens)) return wire.inputTokens;
  return wire.inputTokens + (wire.cachedInputTokens ?? 0) + (isCount(created) ? created : 0);
}

/** In V2 Google's output tokens lack the reasoning, which the total has. */
function wholeOutput(wire: FlatUsage): number | undefined {
  const { inputTokens, outputTokens, totalTokens, reasoningTokens } = wire;
  if (!isCount(outputTokens) || !isCount(reasoningTokens)) return outputTokens;
  const isApart = totalTokens === (inputTokens ?? 0) + outputTokens + reasoningTokens;
  return isApart ? outputTokens + reasoningTokens : outputTokens;
}

function isNested(wire: FlatUsage | NestedUsage): wire is NestedUsage {
  return typeof wire.inputTokens === "object" || typeof wire.outputTokens === "object";
}

/** Some providers make `NaN` of what was not reported. */
function isCount(value: unknown): value is number {
  return Number.isFinite(value);
}
