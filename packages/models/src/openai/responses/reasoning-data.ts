import type { JsonObject, ProviderData } from "@codeact/core";
import * as z from "zod/mini";
import type { ReasoningItem } from "./event.js";

const reasoningDataSchema = z.object({
  api: z.literal("responses"),
  item: z.record(z.string(), z.json()),
});

/**
 * `providerData` of a reasoning item. `undefined` if it cannot be sent back: without its encrypted
 * or open content the server, which stores nothing, would not know it.
 */
export function reasoningData(item: ReasoningItem): ProviderData | undefined {
  const { id, summary, content, encrypted_content: encrypted } = item;
  if (!encrypted && !content?.length) return undefined;
  const kept: JsonObject = {
    type: "reasoning",
    ...(id ? { id } : {}),
    summary: summary ?? [],
    ...(content?.length ? { content } : {}),
    ...(encrypted ? { encrypted_content: encrypted } : {}),
  };
  return { api: "responses", item: kept };
}

/** The item to be sent back, or `undefined` if another adapter made the data. */
export function readReasoningItem(data: ProviderData | undefined): JsonObject | undefined {
  return reasoningDataSchema.safeParse(data).data?.item;
}
