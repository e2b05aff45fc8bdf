/**
 * A language model of the Vercel AI SDK, as its provider packages make them: of the specification
 * V2 (AI SDK 5), V3 (6) or V4 (7). Described by its shape, so that neither `ai` nor
 * `@ai-sdk/provider` is needed.
 */
export interface AiSdkLanguageModel {
  readonly specificationVersion: "v2" | "v3" | "v4";
  /** For example `anthropic.messages`. */
  readonly provider: string;
  readonly modelId: string;
  /** Each specification has options of its own; `never` admits them all. */
  doStream(options: never): PromiseLike<{ stream: ReadableStream<unknown> }>;
}
