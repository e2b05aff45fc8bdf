import type { Model } from "@codeact/core";
import { ScriptedModel, type ScriptedReply } from "@codeact/core/testing";
import { OpenAIModel } from "@codeact/models/openai";

/**
 * A live model where `OPENAI_API_KEY` or `OPENAI_BASE_URL` is set (`OPENAI_MODEL` names it), else
 * one that plays prepared replies, so that every example runs without a key.
 */
export function modelOr(replies: readonly ScriptedReply[]): Model {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseURL, OPENAI_MODEL: name } = process.env;
  return key || baseURL ? new OpenAIModel({ model: name || "gpt-5" }) : new ScriptedModel(replies);
}
