/**
 * Tokens of one model request, as the provider reported them. A count that was not reported is
 * absent, never estimated.
 */
export interface Usage {
  /** All tokens of the request, cached ones included. */
  inputTokens?: number;
  /** All generated tokens, reasoning included. */
  outputTokens?: number;
  /** Those of `inputTokens` that were read from a cache. */
  cachedInputTokens?: number;
  /** Those of `outputTokens` that were spent on reasoning. */
  reasoningTokens?: number;
}

/** Tokens of several requests together, failed attempts and sub-agents included. */
export interface UsageTotal {
  inputTokens: number;
  outputTokens: number;
  cachedInputTokens: number;
  reasoningTokens: number;
  /** How many requests were sent, retries included. */
  requests: number;
  /** `false` if a request did not report its tokens: the real total is then higher. */
  complete: boolean;
}

/** A total of nothing. */
export function emptyUsage(): UsageTotal {
  return {
    inputTokens: 0,
    outputTokens: 0,
    cachedInputTokens: 0,
    reasoningTokens: 0,
    requests: 0,
    complete: true,
  };
}

/** `total` with one more request, whose usage may be unknown. */
export function addUsage(total: UsageTotal, usage: Usage | undefined): UsageTotal {
  return {
    inputTokens: total.inputTokens + (usage?.inputTokens ?? 0),
    outputTokens: total.outputTokens + (usage?.outputTokens ?? 0),
    cachedInputTokens: total.cachedInputTokens + (usage?.cachedInputTokens ?? 0),
    reasoningTokens: total.reasoningTokens + (usage?.reasoningTokens ?? 0),
    requests: total.requests + 1,
    complete:
      total.complete && usage?.inputTokens !== undefined && usage.outputTokens !== undefined,
  };
}
