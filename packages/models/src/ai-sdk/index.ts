export { aiSdkModel, type AiSdkModelOptions } from "./ai-sdk-model.js";
export type { AiSdkLanguageModel } from "./language-model.js";
