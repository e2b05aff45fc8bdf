import { CodeActError } from "@codeact/core";
import type * as nodeLlamaCpp from "node-llama-cpp";
import type { Llama } from "node-llama-cpp";

/** The module `node-llama-cpp`. */
export type LlamaModule = typeof nodeLlamaCpp;

/** What computes: a kind of GPU, the processor (`false`), or the best that works. */
export type LlamaGpu = "auto" | "cuda" | "metal" | "vulkan" | false;

const install = "Install it with: npm install node-llama-cpp@3";

/** @throws `CodeActError` with code `invalid-option` if the package is missing or unusable */
export async function importPeer(): Promise<LlamaModule> {
  try {
    return await import("node-llama-cpp");
  } catch (error) {
    throw new CodeActError(
      "invalid-option",
      `LlamaModel: the package node-llama-cpp could not be loaded. ${install}`,
      { cause: error },
    );
  }
}

/**
 * Loads llama.cpp. Nothing is compiled or downloaded: that takes minutes and needs a compiler.
 * @throws `CodeActError` with code `invalid-option` if there is no binary for this machine
 */
export async function startLlama(
  { getLlama, LlamaLogLevel }: LlamaModule,
  gpu: LlamaGpu,
  threads: number | undefined,
): Promise<Llama> {
  let llama: Llama;
  try {
    llama = await getLlama({
      gpu,
      build: "never",
      // Less serious lines tell users nothing that they could act on.
      logLevel: LlamaLogLevel.error,
      ...(threads !== undefined && { maxThreads: threads }),
    });
  } catch (error) {
    throw noBinary(gpu, error);
  }
  // It may fall back to the processor, which is many times slower than what was asked for.
  if (gpu === "auto" || llama.gpu === gpu) return llama;
  await llama.dispose();
  throw noBinary(gpu);
}

function noBinary(gpu: LlamaGpu, cause?: unknown): CodeActError {
  return new CodeActError(
    "invalid-option",
    `LlamaModel: node-llama-cpp has no working binary for gpu: ${JSON.stringify(gpu)} on this ` +
      "machine. Its binaries are optional dependencies, such as @node-llama-cpp/linux-x64 and " +
      "@node-llama-cpp/linux-x64-cuda: check that your package manager did not leave them out.",
    { cause },
  );
}
