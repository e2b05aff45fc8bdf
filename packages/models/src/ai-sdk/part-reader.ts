import type { FinishReason, ModelEvent, Usage } from "@codeact/core";
import { StopCutter } from "../request/stop-cutter.js";
import { mergeMetadata, partData } from "./part-data.js";
import type { ProviderMetadata, StreamPart, WireFinishReason } from "./stream-part.js";
import { readUsage } from "./usage.js";

type PartOf<Type extends StreamPart["type"]> = Extract<StreamPart, { type: Type }>;

/** Turns the parts of one answer into model events. */
export class PartReader {
  readonly #provider: string;
  readonly #cutter: StopCutter;
  /** What was said so far about the text and reasoning parts that are open, by their ids. */
  readonly #open = new Map<string, ProviderMetadata | undefined>();
  #hasToolCalls = false;
  #isStopped = false;
  #finish: { reason: FinishReason | undefined; usage: Usage | undefined } | undefined;

  /** @param stops the stop strings of the request */
  constructor(provider: string, stops: readonly string[]) {
    this.#provider = provider;
    this.#cutter = new StopCutter(stops);
  }

  /** Whether a stop string has ended the message; the rest need not be read. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Whether the provider said why it ended the message. */
  get isFinished(): boolean {
    return this.#finish?.reason !== undefined;
  }

  /** Takes a part. Those of other types, and whatever comes behind a stop string, are nothing. */
  push(part: Exclude<StreamPart, { type: "error" }>): ModelEvent[] {
    if (this.#isStopped) return [];
    switch (part.type) {
      case "text-start":
      case "reasoning-start":
        this.#open.set(part.id, part.providerMetadata);
        return [];
      case "text-delta":
        return this.#text(part);
      case "text-end":
        return this.#textEnd(part);
      case "reasoning-delta":
        return this.#reasoning(part);
      case "reasoning-end":
        return this.#reasoningEnd(part);
      case "tool-call":
        return this.#toolCall(part);
      case "finish":
        this.#finish = {
          reason: readReason(part.finishReason),
          usage: readUsage(part.usage, part.providerMetadata),
        };
        return [];
      default:
        return [];
    }
  }

  /** Takes the end of the message. */
  end(): ModelEvent[] {
    const reason = this.#isStopped ? "stop" : (this.#finish?.reason ?? "other");
    const usage = this.#finish?.usage;
    return [
      ...this.#flush(),
      {
        type: "finish",
        reason: this.#hasToolCalls && reason === "stop" ? "tool-calls" : reason,
        ...(usage ? { usage } : {}),
      },
    ];
  }

  #text({ id, delta, providerMetadata }: PartOf<"text-delta">): ModelEvent[] {
    this.#annotate(id, providerMetadata);
    const { text, stop } = this.#cutter.push(delta);
    this.#isStopped = stop !== undefined;
    return text ? [{ type: "text", text }] : [];
  }

  #textEnd({ id, providerMetadata }: PartOf<"text-end">): ModelEvent[] {
    const metadata = this.#close(id, providerMetadata);
    if (!metadata) return [];
    // What is held back belongs to this part.
    const providerData = partData(this.#provider, metadata);
    return [...this.#flush(), { type: "text", text: "", providerData }];
  }

  #reasoning({ id, delta, providerMetadata }: PartOf<"reasoning-delta">): ModelEvent[] {
    this.#annotate(id, providerMetadata);
    return delta ? [...this.#flush(), { type: "reasoning", text: delta }] : [];
  }

  /** Reasoning is always marked as the provider's: unmarked it would not be sent back. */
  #reasoningEnd({ id, providerMetadata }: PartOf<"reasoning-end">): ModelEvent[] {
    const metadata = this.#close(id, providerMetadata) ?? {};
    const providerData = partData(this.#provider, metadata);
    return [...this.#flush(), { type: "reasoning", text: "", providerData }];
  }

  #toolCall(part: PartOf<"tool-call">): ModelEvent[] {
    // The provider has run it itself, and its result is part of what it goes on to say.
    if (part.providerExecuted) return [];
    this.#hasToolCalls = true;
    const { providerMetadata } = part;
    return [
      ...this.#flush(),
      {
        type: "tool-call",
        toolCallId: part.toolCallId,
        name: part.toolName,
        arguments: part.input,
        ...(providerMetadata ? { providerData: partData(this.#provider, providerMetadata) } : {}),
      },
    ];
  }

  #flush(): ModelEvent[] {
    const text = this.#cutter.flush();
    return text ? [{ type: "text", text }] : [];
  }

  #annotate(id: string, metadata: ProviderMetadata | undefined): void {
    if (metadata) this.#open.set(id, mergeMetadata(this.#open.get(id), metadata));
  }

  #close(id: string, metadata: ProviderMetadata | undefined): ProviderMetadata | undefined {
    const whole = mergeMetadata(this.#open.get(id), metadata);
    this.#open.delete(id);
    return whole;
  }
}

const reasons: ReadonlySet<string> = new Set<FinishReason>([
  "stop",
  "length",
  "tool-calls",
  "content-filter",
  "error",
  "other",
]);

/**
 * `undefined` where the API gave no reason: providers finish streams that were cut off, too, and
 * say `unknown`, `interrupted`, or `other` without the API's own word.
 */
function readReason(wire: WireFinishReason): FinishReason | undefined {
  if (typeof wire === "string") {
    if (wire === "unknown") return undefined;
    return reasons.has(wire) ? (wire as FinishReason) : "other";
  }
  if (wire.unified === "interrupted") return undefined;
  if (wire.unified === "other" && wire.raw === undefined) return undefined;
  return reasons.has(wire.unified) ? (wire.unified as FinishReason) : "other";
}
