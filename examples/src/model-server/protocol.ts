import type { FinishReason, Message, ModelRequest, Usage } from "@codeact/core";
import { z } from "zod";

const contentSchema = z.union([
  z.string(),
  z.array(z.object({ type: z.literal("text"), text: z.string() })),
]);

/** What this server takes of a request to `/v1/chat/completions`; the rest is ignored. */
export const chatRequestSchema = z.object({
  messages: z
    .array(
      z.object({
        role: z.enum(["system", "developer", "user", "assistant"]),
        content: contentSchema,
      }),
    )
    .min(1),
  stream: z.boolean().default(false),
  stream_options: z.object({ include_usage: z.boolean().default(false) }).optional(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  temperature: z.number().nullish(),
  seed: z.int().nullish(),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
});

export type ChatRequest = z.infer<typeof chatRequestSchema>;

/** The request in the form that every `Model` takes. */
export function modelRequest(request: ChatRequest, signal: AbortSignal): ModelRequest {
  const { stop, temperature, seed } = request;
  const maxOutputTokens = request.max_completion_tokens ?? request.max_tokens;
  return {
    messages: request.messages.map(message),
    signal,
    ...(stop && { stop: typeof stop === "string" ? [stop] : stop }),
    ...(typeof temperature === "number" && { temperature }),
    ...(typeof seed === "number" && { seed }),
    ...(maxOutputTokens && { maxOutputTokens }),
  };
}

function message({ role, content }: ChatRequest["messages"][number]): Message {
  const text = typeof content === "string" ? content : content.map((part) => part.text).join("");
  return {
    role: role === "developer" ? "system" : role,
    content: [{ type: "text", text }],
  };
}

/** Why the answer ended, in the words of the API. */
export function finishReason(reason: FinishReason): string {
  if (reason === "length") return "length";
  return reason === "content-filter" ? "content_filter" : "stop";
}

/** Tokens, in the words of the API; `null` where the model counts none. */
export function usage(counted: Usage | undefined): object | null {
  const { inputTokens: prompt, outputTokens: completion, cachedInputTokens } = counted ?? {};
  if (prompt === undefined || completion === undefined) return null;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cachedInputTokens ?? 0 },
  };
}
