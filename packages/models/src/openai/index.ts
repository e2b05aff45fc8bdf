export { OpenAIModel, type OpenAIModelOptions } from "./openai-model.js";
export type { NegotiableParameter } from "./request-dialect.js";
