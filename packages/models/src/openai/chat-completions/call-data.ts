import type { JsonValue, ProviderData } from "@codeact/core";
import * as z from "zod/mini";

/**
 * What a tool call needs to be sent back, for example Gemini's thought signature, without which
 * it refuses its own call.
 */
const callDataSchema = z.object({
  api: z.literal("chat-completions"),
  extraContent: z.json(),
});

/** See {@link callDataSchema}. A type and no interface, so that it is a JSON object. */
export type CallData = { api: "chat-completions"; extraContent: JsonValue };

/** `providerData` of a tool call, or `undefined` if another adapter made it. */
export function readCallData(data: ProviderData | undefined): CallData | undefined {
  return callDataSchema.safeParse(data).data;
}
