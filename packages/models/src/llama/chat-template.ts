import type { Message } from "@codeact/core";
import type { ChatWrapper, LlamaModel, LlamaText, Token } from "node-llama-cpp";
import { chatHistory } from "./chat-history.js";
import type { LlamaModule } from "./peer.js";
import type { ReasoningMarks } from "./reasoning-splitter.js";

/** A conversation as the model reads it. */
export interface Prompt {
  tokens: Token[];
  /** Strings that the template ends a message with, besides the tokens of the model itself. */
  stop: string[];
}

/** The chat template that the model file carries, or the one of its family. */
export class ChatTemplate {
  readonly reasoning: ReasoningMarks | undefined;
  readonly #module: LlamaModule;
  readonly #model: LlamaModel;
  readonly #wrapper: ChatWrapper;

  constructor(module: LlamaModule, model: LlamaModel) {
    this.#module = module;
    this.#model = model;
    this.#wrapper = module.resolveChatWrapper(model, { warningLogs: false });
    this.reasoning = this.#reasoningMarks();
  }

  /** @throws `ModelError` with code `model-invalid-request` for parts that are no text */
  render(messages: readonly Message[], modelId: string): Prompt {
    const { contextText, stopGenerationTriggers } = this.#wrapper.generateContextState({
      chatHistory: chatHistory(messages, modelId),
    });
    return {
      tokens: contextText.tokenize(this.#model.tokenizer),
      stop: stopGenerationTriggers.flatMap((trigger) =>
        trigger.values.length === 1 && typeof trigger.values[0] === "string" ? trigger.values : [],
      ) as string[],
    };
  }

  #reasoningMarks(): ReasoningMarks | undefined {
    const thought = this.#wrapper.settings.segments?.thought;
    if (!thought) return undefined;
    const { prefix, suffix } = thought;
    const text = (part: string | LlamaText) => this.#module.LlamaText(part).toString().trim();
    const opened = typeof prefix === "object" && "type" in prefix;
    const begin = opened ? "" : text(prefix);
    return { begin, end: suffix === undefined ? "" : text(suffix), opened };
  }
}
