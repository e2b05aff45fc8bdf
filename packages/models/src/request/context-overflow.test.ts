import { describe, expect, it } from "vitest";
import { isContextOverflow } from "./context-overflow.js";

describe("isContextOverflow", () => {
  it.each([
    { code: "context_length_exceeded", message: "Too much." },
    { type: "exceed_context_size_error", message: "Too much." },
    { code: "tokens_limit_reached", message: "Request body too large for the model." },
  ])("knows the code in %o", (failure) => {
    expect(isContextOverflow(failure)).toBe(true);
  });

  it.each([
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000.",
    "Your input exceeds the context window of this model.",
    "The decoder prompt (length 9000) is longer than the maximum model length of 8192.",
    "The prompt (total length 9000) is too long to fit into the model (context length 8192).",
    "The input (9000 tokens) is longer than the model's context length (8192 tokens).",
    "the request exceeds the available context size, try increasing it",
    "request (9000 tokens) exceeds the available context size (8192 tokens)",
    "Trying to keep the first 9000 tokens when context the overflows.",
    "the input length exceeds the context length",
    "This endpoint's maximum context length is 131072 tokens. However, you requested 140000.",
    "Prompt contains 40000 tokens, too large for model with 32768 maximum context length",
    "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
    "Please reduce the length of the messages or completion.",
    "prompt is too long: 210000 tokens > 200000 maximum",
    "Input is too long for requested model.",
    "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000",
  ])("knows %s", (message) => {
    expect(isContextOverflow({ message })).toBe(true);
  });

  it.each([
    "Invalid value for 'messages'.",
    "Invalid image context.",
    "temperature must be at most 2",
    "Rate limit reached for requests",
    "The model `x` does not exist",
    "Invalid 'messages[0].content': string too long. Expected a maximum length of 10485760.",
  ])("does not take this for one: %s", (message) => {
    expect(isContextOverflow({ message })).toBe(false);
  });
});
