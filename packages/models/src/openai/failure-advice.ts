import type { FailureContext } from "../request/failure-message.js";

/** What to do about failures, in the words of the options of `OpenAIModel`. */
export const failureAdvice: FailureContext["advice"] = {
  "model-authentication": "Check the option apiKey or the variable OPENAI_API_KEY.",
  "model-permission": "Check what the key may use and whether its account has credit.",
  "model-not-found": "Check the options model and baseURL; the base URL usually ends in /v1.",
  "model-connection": "Check that the server runs and that the option baseURL is right.",
  "model-invalid-response": "Check that the option baseURL names an OpenAI-compatible API.",
};
