import * as z from "zod/mini";

const text = z.nullish(z.string());
const count = z.catch(z.nullish(z.number()), undefined);

const usage = z.object({
  input_tokens: count,
  output_tokens: count,
  input_tokens_details: z.catch(z.nullish(z.object({ cached_tokens: count })), undefined),
  output_tokens_details: z.catch(z.nullish(z.object({ reasoning_tokens: count })), undefined),
});

/** Usage in the API's spelling. */
export type WireUsage = z.infer<typeof usage>;

const reasoningItem = z.object({
  type: z.literal("reasoning"),
  id: text,
  summary: z.nullish(z.array(z.json())),
  content: z.nullish(z.array(z.json())),
  encrypted_content: text,
});

/** A finished reasoning item. */
export type ReasoningItem = z.infer<typeof reasoningItem>;

const callItem = z.object({
  type: z.literal("function_call"),
  call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
});

/** Messages, whose text has come by then, and the server's own tools. */
const otherItem = z.object({ type: z.string() });

const response = z.object({
  usage: z.catch(z.nullish(usage), undefined),
  incomplete_details: z.nullish(z.object({ reason: text })),
});

const delta = { delta: z.string() };

/** One streamed event. Only what we read is checked: servers differ in all the rest. */
export const eventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("response.output_text.delta"), ...delta }),
  z.object({ type: z.literal("response.refusal.delta"), ...delta }),
  z.object({ type: z.literal("response.reasoning_summary_text.delta"), ...delta }),
  z.object({ type: z.literal("response.reasoning_text.delta"), ...delta }),
  z.object({ type: z.literal("response.reasoning_summary_part.added"), summary_index: count }),
  z.object({
    type: z.literal("response.output_item.done"),
    item: z.union([reasoningItem, callItem, otherItem]),
  }),
  z.object({ type: z.literal("response.completed"), response }),
  z.object({ type: z.literal("response.incomplete"), response }),
]);

/** See {@link eventSchema}. */
export type ResponseEvent = z.infer<typeof eventSchema>;

/** The types of events that {@link eventSchema} knows. */
export const knownTypes: ReadonlySet<string> = new Set<ResponseEvent["type"]>([
  "response.output_text.delta",
  "response.refusal.delta",
  "response.reasoning_summary_text.delta",
  "response.reasoning_text.delta",
  "response.reasoning_summary_part.added",
  "response.output_item.done",
  "response.completed",
  "response.incomplete",
]);
