import { CodeActError, type JsonObject, type Model, type ModelCapabilities } from "@codeact/core";
import { readIdleTimeoutMs } from "../request/idle-timeout.js";
import type { AiSdkLanguageModel } from "./language-model.js";
import { type AiSdkSettings, streamAnswer } from "./stream.js";

/** Options of {@link aiSdkModel}. */
export interface AiSdkModelOptions {
  /** Sent unless a request has its own. @defaultValue the provider's */
  temperature?: number;
  /** Sent unless a request has its own. @defaultValue the provider's */
  maxOutputTokens?: number;
  /** Sent unless a request has its own. @defaultValue none */
  seed?: number;
  /** HTTP headers of every request. */
  headers?: Readonly<Record<string, string>>;
  /**
   * Options of one provider each, for example
   * `{ anthropic: { thinking: { type: "enabled", budgetTokens: 4000 } } }`.
   */
  providerOptions?: Readonly<Record<string, JsonObject>>;
  /**
   * Single capabilities that differ, for example `{ toolResultImages: true }` for a provider that
   * takes images in tool results.
   * @defaultValue usage, images and tools
   */
  capabilities?: ModelCapabilities;
  /**
   * How long the provider may be silent, before its answer and within it, in milliseconds. Then
   * the request ends with `model-timeout`.
   * @defaultValue 300,000
   */
  idleTimeoutMs?: number;
}

const versions: readonly string[] = ["v2", "v3", "v4"];

/**
 * Makes a model of a language model of the Vercel AI SDK: any of its provider packages, of the
 * specification V2, V3 or V4 (AI SDK 5, 6 and 7). The package `ai` is not needed.
 *
 * Signatures and other metadata of the provider travel as `providerData` and go back with their
 * parts, for as long as the provider is the same. Stop strings work also where the API has none:
 * the text is cut here and the request cancelled. The provider's errors become `ModelError`s, and
 * an answer without an end is one of them. Nothing is sent twice.
 *
 * @throws `CodeActError` with code `invalid-option`
 *
 * @example
 * ```ts
 * import { anthropic } from "@ai-sdk/anthropic";
 *
 * const model = aiSdkModel(anthropic("claude-sonnet-4-5"));
 * ```
 */
export function aiSdkModel(
  languageModel: AiSdkLanguageModel,
  options: AiSdkModelOptions = {},
): Model {
  validate(languageModel);
  const id = `${languageModel.provider}:${languageModel.modelId}`;
  const capabilities = { usage: true, images: true, tools: true, ...options.capabilities };
  const secrets = Object.values(options.headers ?? {}).filter((value) => value.length >= 6);
  const settings: AiSdkSettings = {
    ...options,
    languageModel,
    capabilities,
    idleTimeoutMs: readIdleTimeoutMs("aiSdkModel", options.idleTimeoutMs),
    failureContext: { modelId: id, secrets, advice: failureAdvice },
  };
  return { id, capabilities, generate: (request) => streamAnswer(request, settings) };
}

const failureAdvice = {
  "model-authentication": "Check the key that the provider was made with.",
  "model-permission": "Check what the key may use and whether its account has credit.",
  "model-not-found": "Check the model's name and the provider's baseURL.",
  "model-connection": "Check the network and the provider's baseURL.",
};

function validate(languageModel: AiSdkLanguageModel): void {
  // From JavaScript also other things come, such as a name for the SDK's gateway.
  const given: unknown = languageModel;
  const version =
    typeof given === "object" && given !== null && "specificationVersion" in given
      ? String(given.specificationVersion)
      : undefined;
  if (version !== undefined && versions.includes(version)) return;
  throw new CodeActError(
    "invalid-option",
    `aiSdkModel: ${version === undefined ? "the argument is no language model" : `the language model is of the specification ${version}`}. ` +
      `Give what a provider package makes, as in anthropic("…"), of the specification ${versions.join(", ")}.`,
  );
}
