import type { JsonObject, ProviderData } from "@codeact/core";
import * as z from "zod/mini";
import type { ProviderMetadata } from "./stream-part.js";

const partDataSchema = z.object({
  api: z.literal("ai-sdk"),
  provider: z.string(),
  metadata: z.record(z.string(), z.record(z.string(), z.json())),
});

/** `providerData` of a part that `provider` made. */
export function partData(provider: string, metadata: ProviderMetadata): ProviderData {
  // Providers leave members without a value, which JSON does not have.
  return { api: "ai-sdk", provider, metadata: JSON.parse(JSON.stringify(metadata)) as JsonObject };
}

/** The provider's metadata of a part, or `undefined` if another model made the part. */
export function readPartData(
  provider: string,
  data: ProviderData | undefined,
): ProviderMetadata | undefined {
  const parsed = partDataSchema.safeParse(data);
  return parsed.success && parsed.data.provider === provider ? parsed.data.metadata : undefined;
}

/** Both together; what comes later goes before. */
export function mergeMetadata(
  earlier: ProviderMetadata | undefined,
  later: ProviderMetadata | undefined,
): ProviderMetadata | undefined {
  if (!earlier || !later) return earlier ?? later;
  const merged: ProviderMetadata = { ...earlier };
  for (const [name, members] of Object.entries(later)) {
    merged[name] = { ...merged[name], ...members };
  }
  return merged;
}
