import type { JsonValue, ProviderData } from "@codeact/core";
import * as z from "zod/mini";

/**
 * What a reasoning part needs to be sent back: the field in which it came, and the signed or
 * encrypted details that OpenRouter adds.
 */
const reasoningDataSchema = z.object({
  api: z.literal("chat-completions"),
  field: z.enum(["reasoning_content", "reasoning"]),
  details: z.array(z.json()),
});

/** See {@link reasoningDataSchema}. A type and no interface, so that it is a JSON object. */
export type ReasoningData = {
  api: "chat-completions";
  field: "reasoning_content" | "reasoning";
  details: JsonValue[];
};

/** `providerData` of a reasoning part, or `undefined` if another adapter made it. */
export function readReasoningData(data: ProviderData | undefined): ReasoningData | undefined {
  return reasoningDataSchema.safeParse(data).data;
}
