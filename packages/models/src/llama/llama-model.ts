import { availableParallelism } from "node:os";
import {
  CodeActError,
  type Model,
  type ModelCapabilities,
  type ModelEvent,
  type ModelRequest,
} from "@codeact/core";
import type { Llama, LlamaContext, LlamaModel as LoadedModel } from "node-llama-cpp";
import { ChatTemplate } from "./chat-template.js";
import type { DownloadProgress } from "./download.js";
import { hasModelFile, modelFile } from "./model-file.js";
import { importPeer, type LlamaGpu, startLlama } from "./peer.js";
import { RunningModel } from "./running-model.js";
import { SequencePool } from "./sequence-pool.js";

/** Options of {@link LlamaModel.load}. */
export interface LlamaModelOptions {
  /**
   * The GGUF file: a path, a URL from which it is downloaded once, or a name that is known here:
   * `qwen2.5-coder-1.5b` (1.1 GB, Apache 2.0).
   */
  model: string | URL;
  /** SHA-256 of the file, checked after a download. @defaultValue known for a known name */
  sha256?: string;
  /** Where downloads are kept. @defaultValue `~/.cache/codeact/models` */
  cacheFolder?: string;
  /**
   * Called as a download goes on, many times a second.
   * @defaultValue a progress bar on stderr, if that is a terminal
   */
  onDownloadProgress?: (progress: DownloadProgress) => void;
  /** Ends a load; what was downloaded is kept and continued next time. */
  signal?: AbortSignal;
  /**
   * Tokens of a prompt and its answer together. More take more memory.
   * @defaultValue 8,192, or what the model was trained for if that is less
   */
  contextSize?: number;
  /**
   * How many requests are answered at once; others wait for their turn. Each has a context of its
   * own, and its memory. A conversation is evaluated again when others have taken its place.
   * @defaultValue 1
   */
  concurrency?: number;
  /** What computes. @defaultValue `"auto"`: a GPU whose binary is installed, else the processor */
  gpu?: LlamaGpu;
  /**
   * Threads on the processor. More than there are idle cores make it slower, much slower.
   * @defaultValue as many as there are cores; with a GPU, chosen by `node-llama-cpp`
   */
  threads?: number;
  /** Used unless a request has its own. @defaultValue 0: always the likeliest token */
  temperature?: number;
  /** Used unless a request has its own. @defaultValue what is left of the context */
  maxOutputTokens?: number;
  /** Used unless a request has its own. @defaultValue another one each time */
  seed?: number;
}

const defaultContextSize = 8192;

/**
 * A language model in this process: llama.cpp, through the optional package `node-llama-cpp`. No
 * server, no key, no cost. The tokens that a request has in common with an earlier one, as the
 * steps of a run do, are not evaluated again; `usage.cachedInputTokens` counts them.
 *
 * @example
 * ```ts
 * const model = await LlamaModel.load({ model: "qwen2.5-coder-1.5b" });
 * const result = await new Agent({ model, executor }).run("What is the sum of the first 50 primes?");
 * await model.close();
 * ```
 */
export class LlamaModel implements Model {
  readonly #running: RunningModel;

  private constructor(running: RunningModel) {
    this.#running = running;
  }

  /**
   * Loads a model, after downloading it if need be.
   * @throws `CodeActError` with code `invalid-option` if `node-llama-cpp` is missing or the model
   * cannot be used, `ModelError` if a download fails, `options.signal.reason` when aborted
   */
  static async load(options: LlamaModelOptions): Promise<LlamaModel> {
    validateOptions(options);
    const module = await importPeer();
    const file = await modelFile(options);
    const llama = await startLlama(module, options.gpu ?? "auto", options.threads);
    try {
      const model = await llama.loadModel({
        modelPath: file.path,
        ...(options.signal && { loadSignal: options.signal }),
      });
      const context = await createContext(model, options);
      const settings = {
        modelId: `llama:${file.name}`,
        model,
        template: new ChatTemplate(module, model),
        pool: new SequencePool(
          Array.from({ length: context.totalSequences }, () => context.getSequence()),
        ),
        contextSize: context.contextSize,
        temperature: options.temperature,
        maxOutputTokens: options.maxOutputTokens,
        seed: options.seed,
      };
      return new LlamaModel(
        new RunningModel(settings, async () => {
          await context.dispose();
          await model.dispose();
          await llama.dispose();
        }),
      );
    } catch (error) {
      // Frees the model and the context too.
      await llama.dispose();
      options.signal?.throwIfAborted();
      throw error instanceof module.InsufficientMemoryError
        ? tooLarge(file.path, error)
        : unusableModel(file.path, error);
    }
  }

  /** Whether {@link load} with these options would find the model here, and download nothing. */
  static isCached(options: Pick<LlamaModelOptions, "model" | "cacheFolder">): Promise<boolean> {
    validateOptions(options);
    return hasModelFile(options);
  }

  /** `llama:` and the name of the file. */
  get id(): string {
    return this.#running.id;
  }

  get capabilities(): ModelCapabilities {
    return this.#running.capabilities;
  }

  /** Tokens that a prompt and its answer may have together. */
  get contextSize(): number {
    return this.#running.contextSize;
  }

  /**
   * Answers one request and streams the answer.
   * @throws `ModelError` from the stream, or `request.signal.reason` when aborted
   */
  generate(request: ModelRequest): AsyncGenerator<ModelEvent, void, undefined> {
    return this.#running.generate(request);
  }

  /** Ends what is being generated and frees all memory. Calling it again does nothing more. */
  close(): Promise<void> {
    return this.#running.close();
  }
}

function createContext(
  model: LoadedModel,
  {
    contextSize,
    concurrency = 1,
    threads = defaultThreads(model.llama),
    signal,
  }: LlamaModelOptions,
): Promise<LlamaContext> {
  return model.createContext({
    contextSize: contextSize ?? Math.min(defaultContextSize, model.trainContextSize),
    sequences: concurrency,
    // A smaller context than was asked for would break runs in their middle.
    failedCreationRemedy: false,
    ...(threads !== undefined && { threads }),
    ...(signal && { createSignal: signal }),
  });
}

/** node-llama-cpp takes 4 at least, which on fewer cores spend their time waiting for each other. */
function defaultThreads({ gpu, cpuMathCores }: Llama): number | undefined {
  return gpu === false ? Math.min(cpuMathCores, availableParallelism()) : undefined;
}

function validateOptions(options: LlamaModelOptions): void {
  if (String(options.model).trim() === "") {
    refuse("the option model is empty", "Give a path, a URL or a known name");
  }
  for (const name of ["contextSize", "concurrency", "threads", "maxOutputTokens"] as const) {
    const value = options[name];
    if (value === undefined || (Number.isInteger(value) && value >= 1)) continue;
    refuse(`${name} is ${value}`, "Give a whole number of at least 1");
  }
}

function refuse(what: string, help: string): never {
  throw new CodeActError("invalid-option", `LlamaModel: ${what}. ${help}.`);
}

function tooLarge(path: string, cause: Error): CodeActError {
  return new CodeActError(
    "invalid-option",
    `LlamaModel: ${path} does not fit into memory: ${cause.message}. Take a smaller contextSize, ` +
      "a smaller concurrency or a smaller model.",
    { cause },
  );
}

function unusableModel(path: string, cause: unknown): CodeActError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CodeActError(
    "invalid-option",
    `LlamaModel: ${path} could not be loaded: ${reason}. It has to be a whole GGUF file that ` +
      "node-llama-cpp can read.",
    { cause },
  );
}
