import { type Model, type ModelCapabilities, ModelError } from "@codeact/core";
import type { ModelEvent, ModelRequest } from "@codeact/core";
import { type GenerationSettings, generate } from "./generate.js";

/** Answers requests until it is closed. */
export class RunningModel implements Model {
  readonly id: string;
  readonly capabilities: ModelCapabilities = { usage: true };
  readonly contextSize: number;
  readonly #settings: GenerationSettings;
  readonly #free: () => Promise<void>;
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  /** @param free gives the memory back, once nothing is being evaluated */
  constructor(settings: GenerationSettings, free: () => Promise<void>) {
    this.id = settings.modelId;
    this.contextSize = settings.contextSize;
    this.#settings = settings;
    this.#free = free;
  }

  async *generate(request: ModelRequest): AsyncGenerator<ModelEvent, void, undefined> {
    const ended = new AbortController();
    const sources = [request.signal, this.#closing.signal].filter((each) => each !== undefined);
    const listeners = sources.map((source) => ({
      source,
      listener: () => ended.abort(source.reason),
    }));
    for (const { source, listener } of listeners) {
      if (source.aborted) listener();
      source.addEventListener("abort", listener, { once: true });
    }
    try {
      ended.signal.throwIfAborted();
      yield* generate(request, this.#settings, ended.signal);
    } finally {
      for (const { source, listener } of listeners) source.removeEventListener("abort", listener);
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    this.#closing.abort(
      new ModelError("model-closed", `${this.id} was closed. Load it again to use it.`),
    );
    await this.#settings.pool.settled();
    await this.#free();
  }
}
