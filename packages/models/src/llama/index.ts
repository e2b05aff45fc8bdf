export type { DownloadProgress } from "./download.js";
export { LlamaModel, type LlamaModelOptions } from "./llama-model.js";
