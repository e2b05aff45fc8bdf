import * as z from "zod/mini";

const text = z.nullish(z.string());
const count = z.catch(z.nullish(z.number()), undefined);

/** Mistral's reasoning models send their content in parts. */
const contentPart = z.object({
  type: z.string(),
  text,
  thinking: z.catch(z.nullish(z.array(z.object({ text }))), undefined),
});

const toolCallDelta = z.object({
  index: count,
  id: text,
  function: z.nullish(
    z.object({
      name: text,
      arguments: z.nullish(z.union([z.string(), z.record(z.string(), z.json())])),
    }),
  ),
  extra_content: z.optional(z.json()),
});

/** A piece of a streamed tool call. */
export type ToolCallDelta = z.infer<typeof toolCallDelta>;

const delta = z.object({
  content: z.nullish(z.union([z.string(), z.array(contentPart)])),
  refusal: text,
  reasoning_content: text,
  reasoning: text,
  reasoning_details: z.catch(z.nullish(z.array(z.json())), undefined),
  tool_calls: z.nullish(z.array(toolCallDelta)),
});

/** What one chunk adds to the message. */
export type ChunkDelta = z.infer<typeof delta>;

const usage = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z.catch(z.nullish(z.object({ cached_tokens: count })), undefined),
  completion_tokens_details: z.catch(z.nullish(z.object({ reasoning_tokens: count })), undefined),
  prompt_cache_hit_tokens: count,
});

/** Usage in the API's spelling. */
export type WireUsage = z.infer<typeof usage>;

/** One streamed chunk. Only what we read is checked: servers differ in all the rest. */
export const chunkSchema = z.object({
  choices: z.nullish(
    z.array(z.object({ index: count, delta: z.nullish(delta), finish_reason: text })),
  ),
  usage: z.catch(z.nullish(usage), undefined),
});

/** See {@link chunkSchema}. */
export type Chunk = z.infer<typeof chunkSchema>;
