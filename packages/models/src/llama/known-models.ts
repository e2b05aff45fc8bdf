/** A model file that {@link LlamaModel.load} knows by name. */
export interface KnownModel {
  url: string;
  /** Of the whole file, in hexadecimal digits. */
  sha256: string;
}

/** Small models that are known to follow the protocol of actions. */
export const knownModels: ReadonlyMap<string, KnownModel> = new Map([
  [
    "qwen2.5-coder-1.5b",
    {
      url: "https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
      sha256: "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    },
  ],
]);
