import { fileURLToPath } from "node:url";
import { LlamaModel, type LlamaModelOptions } from "@codeact/models/llama";

const model = "qwen2.5-coder-1.5b";
/** Where `scripts/fetch-test-model.mjs` puts it; the other place is that of `LlamaModel` itself. */
const repositoryCache = fileURLToPath(new URL("../../.cache/models", import.meta.url));

/** How to load the embedded model, if a load would download nothing. */
export async function cachedModel(): Promise<LlamaModelOptions | undefined> {
  for (const options of [{ model }, { model, cacheFolder: repositoryCache }]) {
    if (await LlamaModel.isCached(options)) return options;
  }
  return undefined;
}
