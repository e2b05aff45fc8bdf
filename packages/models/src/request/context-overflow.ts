/** `code` or `type` of an error body that says that the context is too small. */
const overflowCodes: ReadonlySet<string> = new Set([
  "context_length_exceeded",
  "exceed_context_size_error",
  "tokens_limit_reached",
]);

/**
 * How servers say it in prose: OpenAI, vLLM, SGLang, TGI, llama.cpp, LM Studio, Ollama,
 * OpenRouter, Mistral, Gemini, xAI, Groq, Anthropic and Bedrock behind gateways. Most have no
 * code for it.
 */
const overflowPhrases: readonly RegExp[] = [
  /maximum (context|model|prompt) length/i,
  /(exceeds?|longer than|larger than|overflows?|too (long|large) for|fit in(to)?|outside)\b.{0,60}\bcontext\b/i,
  /context (length|window|size)\b.{0,60}\b(exceed|overflow|too small)/i,
  /context the overflows/i,
  /(prompt|input) is too long/i,
  /reduce the length of the (messages|prompt|input)/i,
  /input token count.{0,40}exceeds/i,
  /`?inputs`? tokens \+ `?max_new_tokens`? must be/i,
];

/** Whether an error means that the request does not fit in the model's context window. */
export function isContextOverflow(failure: {
  code?: string | undefined;
  type?: string | undefined;
  message: string;
}): boolean {
  if (failure.code && overflowCodes.has(failure.code)) return true;
  if (failure.type && overflowCodes.has(failure.type)) return true;
  return overflowPhrases.some((phrase) => phrase.test(failure.message));
}
