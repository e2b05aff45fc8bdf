import type { ModelEvent } from "@codeact/core";
import type { CallData } from "./call-data.js";
import type { ToolCallDelta } from "./chunk.js";

interface CollectedCall {
  index: number | undefined;
  id: string | undefined;
  name: string;
  arguments: string;
  providerData: CallData | undefined;
}

/** Puts streamed tool calls together. */
export class ToolCallCollector {
  readonly #calls: CollectedCall[] = [];

  /** Takes a piece of a call. */
  add(delta: ToolCallDelta): void {
    const call = this.#find(delta) ?? this.#begin(delta);
    call.id ||= delta.id ?? undefined;
    call.name ||= delta.function?.name ?? "";
    const written = delta.function?.arguments ?? "";
    call.arguments += typeof written === "string" ? written : JSON.stringify(written);
    if (delta.extra_content !== undefined) {
      call.providerData = { api: "chat-completions", extraContent: delta.extra_content };
    }
  }

  /** The whole calls, in the order in which they began. */
  events(): Extract<ModelEvent, { type: "tool-call" }>[] {
    return this.#calls.map((call) => ({
      type: "tool-call",
      toolCallId: call.id ?? generateId(),
      name: call.name,
      arguments: call.arguments,
      ...(call.providerData === undefined ? {} : { providerData: call.providerData }),
    }));
  }

  /**
   * The call that a piece continues. Some servers leave the index out or give every call the same
   * one; then a new id, or a new name where there are no ids, begins a new call.
   */
  #find(delta: ToolCallDelta): CollectedCall | undefined {
    const index = delta.index ?? undefined;
    const last = this.#calls.filter((call) => index === undefined || call.index === index).at(-1);
    if (!last) return undefined;
    if (delta.id && last.id) return this.#calls.find((call) => call.id === delta.id);
    if (index === undefined && !delta.id && delta.function?.name && last.name) return undefined;
    return last;
  }

  #begin(delta: ToolCallDelta): CollectedCall {
    const call: CollectedCall = {
      index: delta.index ?? undefined,
      id: undefined,
      name: "",
      arguments: "",
      providerData: undefined,
    };
    this.#calls.push(call);
    return call;
  }
}

/** For servers that name no id; it must be unique in a conversation, and is no secret. */
function generateId(): string {
  return `call_${Math.random().toString(36).slice(2, 14).padEnd(12, "0")}`;
}
