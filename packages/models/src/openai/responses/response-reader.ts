import type { FinishReason, ModelEvent, Usage } from "@codeact/core";
import { StopCutter } from "../../request/stop-cutter.js";
import type { AnswerReader } from "../api.js";
import type { ReasoningItem, ResponseEvent, WireUsage } from "./event.js";
import { reasoningData } from "./reasoning-data.js";

type EventOf<Type extends ResponseEvent["type"]> = Extract<ResponseEvent, { type: Type }>;

/** Turns the events of one response into model events. */
export class ResponseReader implements AnswerReader<ResponseEvent> {
  readonly #cutter: StopCutter;
  #isStopped = false;
  #isRefused = false;
  #hasToolCalls = false;
  /** Whether the reasoning of the item that is open has begun. */
  #hasReasoning = false;
  #finish: { reason: FinishReason; usage: Usage | undefined } | undefined;

  /** @param stops the stop strings of the request; the API knows none */
  constructor(stops: readonly string[]) {
    this.#cutter = new StopCutter(stops);
  }

  get isFinished(): boolean {
    return this.#finish !== undefined;
  }

  get mustCancel(): boolean {
    return this.#isStopped;
  }

  push(event: ResponseEvent): ModelEvent[] {
    switch (event.type) {
      case "response.output_text.delta":
        return this.#text(event.delta);
      case "response.refusal.delta":
        this.#isRefused = true;
        return this.#text(event.delta);
      case "response.reasoning_summary_text.delta":
      case "response.reasoning_text.delta":
        return this.#reasoning(event.delta);
      case "response.reasoning_summary_part.added":
        return this.#hasReasoning ? this.#reasoning("\n\n") : [];
      case "response.output_item.done":
        return this.#item(event.item);
      case "response.completed":
        return this.#end(event, this.#hasToolCalls ? "tool-calls" : "stop");
      case "response.incomplete":
        return this.#end(event, incompleteReason(event.response.incomplete_details?.reason));
    }
  }

  end(): ModelEvent[] {
    const { reason = "stop", usage } = this.#finish ?? {};
    return [
      ...this.#flush(),
      {
        type: "finish",
        reason: this.#isStopped ? "stop" : this.#isRefused ? "content-filter" : reason,
        ...(usage ? { usage } : {}),
      },
    ];
  }

  #text(delta: string): ModelEvent[] {
    const { text, stop } = this.#cutter.push(delta);
    this.#isStopped = stop !== undefined;
    return text ? [{ type: "text", text }] : [];
  }

  #reasoning(text: string): ModelEvent[] {
    this.#hasReasoning = true;
    return text ? [...this.#flush(), { type: "reasoning", text }] : [];
  }

  #item(item: EventOf<"response.output_item.done">["item"]): ModelEvent[] {
    if (isReasoning(item)) {
      this.#hasReasoning = false;
      const providerData = reasoningData(item);
      return providerData ? [...this.#flush(), { type: "reasoning", text: "", providerData }] : [];
    }
    if (!("call_id" in item)) return [];
    this.#hasToolCalls = true;
    const { call_id: toolCallId, name, arguments: text } = item;
    return [...this.#flush(), { type: "tool-call", toolCallId, name, arguments: text }];
  }

  #end(
    { response }: EventOf<"response.completed" | "response.incomplete">,
    reason: FinishReason,
  ): ModelEvent[] {
    this.#finish = { reason, usage: response.usage ? readUsage(response.usage) : undefined };
    return [];
  }

  #flush(): ModelEvent[] {
    const text = this.#cutter.flush();
    return text ? [{ type: "text", text }] : [];
  }
}

function isReasoning(item: { type: string }): item is ReasoningItem {
  return item.type === "reasoning";
}

function incompleteReason(wire: string | null | undefined): FinishReason {
  if (wire === "max_output_tokens") return "length";
  return wire === "content_filter" ? "content-filter" : "other";
}

function readUsage(wire: WireUsage): Usage {
  const cached = wire.input_tokens_details?.cached_tokens;
  const reasoning = wire.output_tokens_details?.reasoning_tokens;
  return {
    ...(typeof wire.input_tokens === "number" ? { inputTokens: wire.input_tokens } : {}),
    ...(typeof wire.output_tokens === "number" ? { outputTokens: wire.output_tokens } : {}),
    ...(typeof cached === "number" ? { cachedInputTokens: cached } : {}),
    ...(typeof reasoning === "number" ? { reasoningTokens: reasoning } : {}),
  };
}
