import {
  CodeActError,
  type JsonObject,
  type Model,
  type ModelCapabilities,
  type ModelEvent,
  type ModelRequest,
} from "@codeact/core";
import type { OpenAI } from "openai";
import { chatCompletionsApi } from "./chat-completions/chat-completions-api.js";
import type { OpenAISettings } from "./connect.js";
import { createClient } from "./create-client.js";
import { failureAdvice } from "./failure-advice.js";
import { readIdleTimeoutMs } from "../request/idle-timeout.js";
import { type NegotiableParameter, RequestDialect } from "./request-dialect.js";
import { responsesApi } from "./responses/responses-api.js";
import { streamAnswer } from "./stream-answer.js";

/** Options of {@link OpenAIModel}. */
export interface OpenAIModelOptions {
  /** The model's name as the server knows it, for example `gpt-5`. */
  model: string;
  /**
   * Which of OpenAI's APIs the server is asked by. `"responses"` shows summaries of what reasoning
   * models think and lets them keep their thoughts between the steps of a run; it has no `seed`.
   * Nothing is stored at the server.
   * @defaultValue `"chat-completions"`, which most servers know
   */
  api?: "chat-completions" | "responses";
  /**
   * Where the API is, usually ending in `/v1`.
   * @defaultValue the variable `OPENAI_BASE_URL`, else OpenAI's own
   */
  baseURL?: string;
  /**
   * The key. A server that is not OpenAI's may be used without one. Note that a key from the
   * environment is sent to whatever `baseURL` names.
   * @defaultValue the variable `OPENAI_API_KEY`
   */
  apiKey?: string;
  /**
   * A client of the `openai` package to be used instead of one of our own, for example
   * `AzureOpenAI` or one with a proxy. It excludes `baseURL` and `apiKey`.
   */
  client?: OpenAI;
  /** HTTP headers of every request. */
  headers?: Readonly<Record<string, string>>;
  /** Sent unless a request has its own. @defaultValue the server's */
  temperature?: number;
  /** Sent unless a request has its own; reasoning counts too. @defaultValue the server's */
  maxOutputTokens?: number;
  /** Sent unless a request has its own. @defaultValue none */
  seed?: number;
  /** More members of every request body, for example `{ reasoning_effort: "low" }`. */
  extraBody?: JsonObject;
  /**
   * Single capabilities that differ, for example `{ images: false }` for a text-only model.
   * @defaultValue usage, images and tools
   */
  capabilities?: ModelCapabilities;
  /**
   * How long the server may be silent, before its answer and within it, in milliseconds. Then the
   * request ends with `model-timeout`. Some models think for minutes before their first byte.
   * @defaultValue 300,000
   */
  idleTimeoutMs?: number;
}

/**
 * A model behind OpenAI's Chat Completions API, or behind any server that speaks it: vLLM,
 * llama.cpp, Ollama, LM Studio, OpenRouter, Groq, DeepSeek, Mistral, Azure and more; or, if the
 * option `api` says so, behind the Responses API.
 *
 * Servers and models differ in the parameters that they take. A request that is refused because of
 * `stop`, `temperature`, `seed`, `stream_options`, `max_tokens` or `max_completion_tokens`, or in the
 * Responses API of `reasoning` or `include`, is sent again without it, or in the other spelling, and the model object remembers that; see
 * {@link OpenAIModel.refusedParameters}. Stop strings work all the same: the text is cut here and
 * the request cancelled. Apart from that nothing is ever sent twice.
 *
 * @example
 * ```ts
 * const hosted = new OpenAIModel({ model: "gpt-5" });
 * const local = new OpenAIModel({ model: "qwen3", baseURL: "http://localhost:11434/v1" });
 * ```
 */
export class OpenAIModel implements Model {
  readonly id: string;
  readonly capabilities: ModelCapabilities;
  readonly #dialect = new RequestDialect();
  readonly #stream: (request: ModelRequest) => AsyncIterable<ModelEvent>;

  /**
   * @throws `ModelError` with code `model-authentication` if there is no key,
   * `CodeActError` with code `invalid-option` if another option cannot be used
   */
  constructor(options: OpenAIModelOptions) {
    validateOptions(options);
    const client = options.client ?? createClient(options);
    const headers = { ...options.headers };
    this.id = `openai:${options.model}`;
    this.capabilities = { usage: true, images: true, tools: true, ...options.capabilities };
    const settings: OpenAISettings = {
      client,
      headers,
      idleTimeoutMs: readIdleTimeoutMs("OpenAIModel", options.idleTimeoutMs),
      defaults: options,
      dialect: this.#dialect,
      failureContext: () => ({
        modelId: this.id,
        baseURL: client.baseURL,
        secrets: [client.apiKey, ...Object.values(headers)].filter(isSecret),
        advice: failureAdvice,
      }),
    };
    const toolResultImages = this.capabilities.toolResultImages === true;
    this.#stream =
      options.api === "responses"
        ? (request) => streamAnswer(request, settings, responsesApi({ toolResultImages }))
        : (request) => streamAnswer(request, settings, chatCompletionsApi);
  }

  /**
   * What the server has refused so far and is therefore no longer sent. Look here when results
   * must be reproducible: a refused `temperature` or `seed` has no effect.
   */
  get refusedParameters(): readonly NegotiableParameter[] {
    return this.#dialect.refused;
  }

  /**
   * Sends one request and streams the answer.
   * @throws `ModelError` from the stream, or `request.signal.reason` when aborted
   */
  generate(request: ModelRequest): AsyncIterable<ModelEvent> {
    return this.#stream(request);
  }
}

function validateOptions(options: OpenAIModelOptions): void {
  if (typeof options.model !== "string" || options.model.trim() === "") {
    refuse("the option model is empty", 'Name a model, as in { model: "gpt-5" }');
  }
  if (options.client && (options.apiKey !== undefined || options.baseURL !== undefined)) {
    refuse("client was given together with apiKey or baseURL", "Set these on the client itself");
  }
}

function refuse(what: string, help: string): never {
  throw new CodeActError("invalid-option", `OpenAIModel: ${what}. ${help}.`);
}

/** Shorter values, such as `1` or `true`, are no secrets but parts of ordinary words. */
function isSecret(value: string | null): value is string {
  return value !== null && value.length >= 6;
}
