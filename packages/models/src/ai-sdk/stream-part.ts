import type { JsonObject } from "@codeact/core";

/** What a provider says about a part, by its name; it has to go back with the part. */
export type ProviderMetadata = Record<string, JsonObject>;

interface Annotated {
  providerMetadata?: ProviderMetadata;
}

/** Usage in V2. */
export interface FlatUsage {
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
  totalTokens?: number | undefined;
  reasoningTokens?: number | undefined;
  cachedInputTokens?: number | undefined;
}

/** Usage since V3. */
export interface NestedUsage {
  inputTokens: { total?: number | undefined; cacheRead?: number | undefined };
  outputTokens: { total?: number | undefined; reasoning?: number | undefined };
}

/** The reason in V2, and since V3. */
export type WireFinishReason = string | { unified: string; raw?: string | undefined };

/**
 * What of a stream is read here. Sources, files, raw chunks and
 * the tools' input are not.
 */
export type StreamPart =
  | (Annotated & { type: "text-start"; id: string })
  | (Annotated & { type: "text-end"; id: string })
  | (Annotated & { type: "text-delta"; id: string; delta: string })
  | (Annotated & { type: "reasoning-start"; id: string })
  | (Annotated & { type: "reasoning-end"; id: string })
  | (Annotated & { type: "reasoning-delta"; id: string; delta: string })
  | (Annotated & {
      type: "tool-call";
      toolCallId: string;
      toolName: string;
      input: string;
      providerExecuted?: boolean;
    })
  | (Annotated & {
      type: "finish";
      finishReason: WireFinishReason;
      usage?: FlatUsage | NestedUsage;
    })
  | { type: "error"; error: unknown };
