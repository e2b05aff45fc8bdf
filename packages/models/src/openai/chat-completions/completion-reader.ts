import type { FinishReason, JsonValue, ModelEvent, Usage } from "@codeact/core";
import type { AnswerReader } from "../api.js";
import { StopCutter } from "../../request/stop-cutter.js";
import type { Chunk, ChunkDelta } from "./chunk.js";
import { readFinishReason } from "./finish-reason.js";
import type { ReasoningData } from "./reasoning-data.js";
import { ToolCallCollector } from "./tool-call-collector.js";
import { readUsage } from "./usage.js";

/** Turns the chunks of one completion into model events. */
export class CompletionReader implements AnswerReader<Chunk> {
  readonly #cutter: StopCutter;
  readonly #sentStops: readonly string[];
  readonly #toolCalls = new ToolCallCollector();
  #reasoning: ReasoningData | undefined;
  #stop: string | undefined;
  #overran = false;
  #refused = false;
  #finishReason: FinishReason | undefined;
  #usage: Usage | undefined;

  /**
   * @param stops all stop strings of the request
   * @param sentStops those that the server was told
   */
  constructor(stops: readonly string[], sentStops: readonly string[]) {
    this.#cutter = new StopCutter(stops);
    this.#sentStops = sentStops;
  }

  /** Whether the server said why it ended the message. */
  get isFinished(): boolean {
    return this.#finishReason !== undefined;
  }

  /**
   * Whether the message ends here although the server would go on: it was not told the stop
   * string, or wrote on behind it. One that only repeats the string still gets to report usage.
   */
  get mustCancel(): boolean {
    return this.#stop !== undefined && (this.#overran || !this.#sentStops.includes(this.#stop));
  }

  /** Takes a chunk. */
  push(chunk: Chunk): ModelEvent[] {
    if (chunk.usage) this.#usage = readUsage(chunk.usage);
    const events: ModelEvent[] = [];
    for (const choice of chunk.choices ?? []) {
      if (choice.index) continue;
      if (choice.delta) this.#takeDelta(choice.delta, events);
      if (choice.finish_reason) this.#finishReason = readFinishReason(choice.finish_reason);
    }
    return events;
  }

  /** Takes the end of the message: what was held back, the tool calls, and the finish. */
  end(): ModelEvent[] {
    const events: ModelEvent[] = [];
    this.#endReasoning(events);
    const held = this.#cutter.flush();
    if (held) events.push({ type: "text", text: held });
    const toolCalls = this.#toolCalls.events();
    events.push(...toolCalls, {
      type: "finish",
      reason: this.#reason(toolCalls.length > 0),
      ...(this.#usage ? { usage: this.#usage } : {}),
    });
    return events;
  }

  #takeDelta(delta: ChunkDelta, events: ModelEvent[]): void {
    if (delta.reasoning_content) {
      this.#addReasoning("reasoning_content", delta.reasoning_content, [], events);
    } else if (delta.reasoning || delta.reasoning_details?.length) {
      const details = delta.reasoning_details ?? [];
      this.#addReasoning("reasoning", delta.reasoning ?? "", details, events);
    }
    if (typeof delta.content === "string") this.#addText(delta.content, events);
    for (const part of Array.isArray(delta.content) ? delta.content : []) {
      const thinking = (part.thinking ?? []).map(({ text }) => text ?? "").join("");
      if (thinking) this.#addReasoning(undefined, thinking, [], events);
      if (part.type === "text" && part.text) this.#addText(part.text, events);
    }
    if (delta.refusal) {
      this.#refused = true;
      this.#addText(delta.refusal, events);
    }
    for (const call of delta.tool_calls ?? []) {
      this.#endReasoning(events);
      if (this.#stop === undefined) this.#toolCalls.add(call);
    }
  }

  #addText(text: string, events: ModelEvent[]): void {
    if (text === "") return;
    if (this.#stop !== undefined) {
      this.#overran = true;
      return;
    }
    this.#endReasoning(events);
    const cut = this.#cutter.push(text);
    this.#stop = cut.stop;
    this.#overran = cut.goesOn === true;
    if (cut.text) events.push({ type: "text", text: cut.text });
  }

  #addReasoning(
    field: ReasoningData["field"] | undefined,
    text: string,
    details: JsonValue[],
    events: ModelEvent[],
  ): void {
    if (this.#stop !== undefined) return;
    const held = this.#cutter.flush();
    if (held) events.push({ type: "text", text: held });
    if (text) events.push({ type: "reasoning", text });
    if (!field) return;
    this.#reasoning ??= { api: "chat-completions", field, details: [] };
    this.#reasoning.details.push(...details);
  }

  /** An empty piece with provider data completes the reasoning part. */
  #endReasoning(events: ModelEvent[]): void {
    if (!this.#reasoning) return;
    events.push({ type: "reasoning", text: "", providerData: this.#reasoning });
    this.#reasoning = undefined;
  }

  #reason(hasToolCalls: boolean): FinishReason {
    if (this.#stop !== undefined) return "stop";
    if (this.#refused) return "content-filter";
    const reason = this.#finishReason ?? "other";
    // Several servers say "stop" after tool calls, or nothing at all.
    return hasToolCalls && (reason === "stop" || reason === "other") ? "tool-calls" : reason;
  }
}
