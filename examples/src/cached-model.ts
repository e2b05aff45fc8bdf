import { fileURLToPath } from "node:url";
import { LlamaModel, type LlamaModelOptions } from "@codeact/models/llama";

/** The model that needs no key and no server; 1.1 GB are downloaded on its first load. */
export const embeddedModel: LlamaModelOptions = { model: "qwen2.5-coder-1.5b" };
/** Where `scripts/fetch-test-model.mjs` puts it; the other place is that of `LlamaModel` itself. */
const repositoryCache = fileURLToPath(new URL("../../.cache/models", import.meta.url));

/**
 * How to load the embedded model, if a load would download nothing, and the program was not called
 * with `--replay`: such a model is slow, and small enough to fail.
 */
export async function cachedModel(): Promise<LlamaModelOptions | undefined> {
  if (process.argv.includes("--replay")) return undefined;
  for (const options of [embeddedModel, { ...embeddedModel, cacheFolder: repositoryCache }]) {
    if (await LlamaModel.isCached(options)) return options;
  }
  return undefined;
}
